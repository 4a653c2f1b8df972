import { ActionIcon, Button, Select, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconBaselineDensityMedium, IconBaselineDensitySmall, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { DEVICE_STATES, stateWord } from '@/lib/deviceState';
import type { DevicesSearch } from '@/lib/search';
import { groupsQuery } from '../../api/listGroups';
import { tagsQuery } from '../../api/listTags';
import { filterFromSearch, isFiltered } from '../../filter';
import classes from './Toolbar.module.css';

const STATES = DEVICE_STATES.map((state) => ({ value: state, label: stateWord(state) }));

interface ToolbarProps {
  tenantId: number;
  search: DevicesSearch;
  onChange: (change: Partial<DevicesSearch>) => void;
  compact: boolean;
  onCompact: (compact: boolean) => void;
}

/** What is in the list; all of it is in the URL. */
export function Toolbar({ tenantId, search, onChange, compact, onCompact }: ToolbarProps) {
  const groups = useQuery(groupsQuery(tenantId));
  const tags = useQuery(tagsQuery(tenantId));
  const [typed, setTyped] = useState(search.q ?? '');
  const ask = useDebouncedCallback(
    (q: string) => onChange({ q: q.trim() === '' ? undefined : q.trim() }),
    180,
  );
  // A link or the back button may change the search from outside.
  const [known, setKnown] = useState(search.q);
  if (known !== search.q) {
    setKnown(search.q);
    if (search.q !== typed.trim()) setTyped(search.q ?? '');
  }
  return (
    <div className={classes.bar} role="search">
      <TextInput
        aria-label="Search the routers"
        placeholder="Name, address, model, serial, tag"
        className={classes.search}
        leftSection={<IconSearch size={14} aria-hidden />}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          ask(event.currentTarget.value);
        }}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        className={classes.select}
        data={STATES}
        value={search.state ?? null}
        clearable
        onChange={(value) => onChange({ state: DEVICE_STATES.find((state) => state === value) })}
      />
      <Select
        aria-label="Group"
        placeholder="Any group"
        className={classes.select}
        data={(groups.data ?? []).map((group) => ({ value: String(group.id), label: group.name }))}
        value={search.group === undefined ? null : String(search.group)}
        clearable
        searchable
        onChange={(value) => onChange({ group: value === null ? undefined : Number(value) })}
      />
      <Select
        aria-label="Tag"
        placeholder="Any tag"
        className={classes.select}
        data={(tags.data ?? []).map((tag) => tag.name)}
        value={search.tag ?? null}
        clearable
        searchable
        onChange={(value) => onChange({ tag: value ?? undefined })}
      />
      {isFiltered(filterFromSearch(search)) && (
        <Button
          variant="subtle"
          onClick={() => {
            setTyped('');
            onChange({ q: undefined, state: undefined, group: undefined, tag: undefined });
          }}
        >
          Clear
        </Button>
      )}
      <Tooltip label={compact ? 'Roomier rows' : 'Compact rows'}>
        <ActionIcon
          variant="default"
          size={32}
          className={classes.density}
          aria-label="Compact rows"
          aria-pressed={compact}
          onClick={() => onCompact(!compact)}
        >
          {compact ? (
            <IconBaselineDensitySmall size={15} aria-hidden />
          ) : (
            <IconBaselineDensityMedium size={15} aria-hidden />
          )}
        </ActionIcon>
      </Tooltip>
    </div>
  );
}
