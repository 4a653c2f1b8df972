import { Combobox, Tooltip, useCombobox } from '@mantine/core';
import { IconBuildingCommunity, IconCheck, IconSelector } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ClientMark } from '@/components/ui/ClientMark';
import { useMaybeTenant, useSession } from '@/features/session/hooks';
import classes from './ClientSwitcher.module.css';

const ALL = '*all*';

/** Where one is, always in sight; where else one can go, by typing a part of its name. */
export function ClientSwitcher({ slim, onSwitch }: { slim: boolean; onSwitch?: (() => void) | undefined }) {
  const session = useSession();
  const current = useMaybeTenant();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const combobox = useCombobox({
    onDropdownOpen: () => {
      combobox.focusSearchInput();
      combobox.selectFirstOption();
    },
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      setTyped('');
    },
  });
  const wanted = typed.trim().toLowerCase();
  const found = session.tenants.filter(
    (tenant) => tenant.name.toLowerCase().includes(wanted) || tenant.slug.includes(wanted),
  );

  const go = (value: string) => {
    combobox.closeDropdown();
    onSwitch?.();
    if (value === ALL) void navigate({ to: '/' });
    else void navigate({ to: '/t/$slug', params: { slug: value } });
  };

  return (
    <Combobox
      store={combobox}
      onOptionSubmit={go}
      width={276}
      position="bottom-start"
      shadow="md"
      withinPortal
    >
      <Combobox.Target targetType="button">
        <Tooltip label={current?.name ?? 'All clients'} position="right" disabled={!slim}>
          <button
            type="button"
            aria-label="Switch client"
            className={classes.target}
            data-slim={slim || undefined}
            onClick={() => combobox.toggleDropdown()}
          >
            {current ? (
              <ClientMark name={current.name} colour={current.colour} />
            ) : (
              <span className={classes.all}>
                <IconBuildingCommunity size={15} stroke={1.7} aria-hidden />
              </span>
            )}
            {!slim && (
              <>
                <span className={classes.name}>{current?.name ?? 'All clients'}</span>
                <IconSelector size={14} className={classes.arrows} aria-hidden />
              </>
            )}
          </button>
        </Tooltip>
      </Combobox.Target>
      <Combobox.Dropdown className={classes.dropdown}>
        <Combobox.Search
          value={typed}
          aria-label="Find a client"
          placeholder="Find a client…"
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            combobox.updateSelectedOptionIndex();
            combobox.selectFirstOption();
          }}
        />
        <Combobox.Options mah={360} className={classes.options}>
          {wanted === '' && (
            <Combobox.Option value={ALL} active={!current} className={classes.option}>
              <span className={classes.all}>
                <IconBuildingCommunity size={15} stroke={1.7} aria-hidden />
              </span>
              <span className={classes.name}>All clients</span>
              {!current && <IconCheck size={14} aria-hidden />}
            </Combobox.Option>
          )}
          {found.map((tenant) => (
            <Combobox.Option
              key={tenant.slug}
              value={tenant.slug}
              active={tenant.slug === current?.slug}
              className={classes.option}
            >
              <ClientMark name={tenant.name} colour={tenant.colour} />
              <span className={classes.name}>{tenant.name}</span>
              {tenant.slug === current?.slug && <IconCheck size={14} aria-hidden />}
            </Combobox.Option>
          ))}
          {found.length === 0 && wanted !== '' && (
            <Combobox.Empty>No client has “{typed.trim()}” in its name</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
