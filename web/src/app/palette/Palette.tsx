import { Spotlight } from '@mantine/spotlight';
import { IconBuildingCommunity, IconPlus, IconSearch } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { ClientMark } from '@/components/ui/ClientMark';
import { StateMark } from '@/components/ui/StateMark';
import { devicePageQuery } from '@/features/devices/api/listDevices';
import { useCan, useMaybeTenant, useSession } from '@/features/session/hooks';
import { TENANT_NAV } from '../shell/nav';
import classes from './Palette.module.css';
import { palette, paletteStore } from './store';

const DEVICES_SHOWN = 8;

/** Ctrl-K: clients, the devices of the client one is in, pages and deeds. */
export function Palette() {
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 120);
  const session = useSession();
  const tenant = useMaybeTenant();
  const can = useCan();
  const navigate = useNavigate();
  const devices = useQuery({
    ...devicePageQuery(tenant?.tenant_id ?? 0, { q: asked }, 0, DEVICES_SHOWN),
    enabled: tenant !== null && asked !== '' && can('devices.read'),
    placeholderData: keepPreviousData,
  });

  const wanted = typed.trim().toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(wanted);
  const clients = session.tenants.filter((each) => has(each.name) || has(each.slug)).slice(0, 8);
  const pages = tenant ? TENANT_NAV.filter((item) => can(item.permission) && has(item.label)) : [];
  const found = wanted === '' || !tenant ? [] : (devices.data?.devices ?? []);
  const mayAdd = tenant !== null && can('devices.write') && has('Add router');
  const nothing = clients.length + pages.length + found.length === 0 && !mayAdd && !has('All clients');

  return (
    <Spotlight.Root
      store={paletteStore}
      query={typed}
      onQueryChange={setTyped}
      shortcut={['mod + K']}
      tagsToIgnore={[]}
      scrollable
      maxHeight={420}
      size={600}
      radius="md"
      onSpotlightClose={() => setTyped('')}
      overlayProps={{ backgroundOpacity: 0.3 }}
      transitionProps={{ duration: 90, transition: 'fade' }}
    >
      <Spotlight.Search
        aria-label="Search"
        placeholder={tenant ? `Find a client, a page, or a router of ${tenant.name}…` : 'Find a client…'}
        leftSection={<IconSearch size={17} stroke={1.7} aria-hidden />}
      />
      <Spotlight.ActionsList className={classes.list}>
        {found.length > 0 && tenant && (
          <Spotlight.ActionsGroup label={`Routers of ${tenant.name}`}>
            {found.map((device) => (
              <Spotlight.Action
                key={device.id}
                className={classes.action}
                onClick={() =>
                  void navigate({
                    to: '/t/$slug/devices/$deviceId/overview',
                    params: { slug: tenant.slug, deviceId: device.id },
                  })
                }
              >
                <StateMark state={device.state} bare />
                <span className={classes.label}>{device.name}</span>
                <span className={classes.side}>
                  {[device.address, device.model].filter(Boolean).join(' · ')}
                </span>
              </Spotlight.Action>
            ))}
          </Spotlight.ActionsGroup>
        )}
        {(pages.length > 0 || mayAdd) && tenant && (
          <Spotlight.ActionsGroup label={tenant.name}>
            {pages.map((item) => (
              <Spotlight.Action
                key={item.to}
                className={classes.action}
                onClick={() => void navigate({ to: item.to, params: { slug: tenant.slug } })}
              >
                <item.icon size={16} stroke={1.7} aria-hidden />
                <span className={classes.label}>{item.label}</span>
              </Spotlight.Action>
            ))}
            {mayAdd && (
              <Spotlight.Action
                className={classes.action}
                onClick={() =>
                  void navigate({
                    to: '/t/$slug/devices',
                    params: { slug: tenant.slug },
                    search: { add: true },
                  })
                }
              >
                <IconPlus size={16} stroke={1.7} aria-hidden />
                <span className={classes.label}>Add router</span>
              </Spotlight.Action>
            )}
          </Spotlight.ActionsGroup>
        )}
        {(clients.length > 0 || has('All clients')) && (
          <Spotlight.ActionsGroup label="Clients">
            {clients.map((each) => (
              <Spotlight.Action
                key={each.slug}
                className={classes.action}
                onClick={() => void navigate({ to: '/t/$slug', params: { slug: each.slug } })}
              >
                <ClientMark name={each.name} colour={each.colour} size={18} />
                <span className={classes.label}>{each.name}</span>
              </Spotlight.Action>
            ))}
            {has('All clients') && (
              <Spotlight.Action className={classes.action} onClick={() => void navigate({ to: '/' })}>
                <IconBuildingCommunity size={16} stroke={1.7} aria-hidden />
                <span className={classes.label}>All clients</span>
              </Spotlight.Action>
            )}
          </Spotlight.ActionsGroup>
        )}
        {nothing && (
          <Spotlight.Empty>
            {devices.isFetching ? 'Searching…' : `Nothing has “${typed.trim()}” in its name or address`}
          </Spotlight.Empty>
        )}
      </Spotlight.ActionsList>
      <div className={classes.foot}>
        <span>↑ ↓ to choose</span>
        <span>Enter to open</span>
        <button type="button" className={classes.close} onClick={() => palette.close()}>
          Esc to close
        </button>
      </div>
    </Spotlight.Root>
  );
}
