import { Button, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconSearch, IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { Bone, Loading } from '@/components/ui/Bone';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import type { AuditSearch } from '@/lib/search';
import { auditQuery } from '../api/listAudit';
import { filterFromSearch, type AuditFilter } from '../filter';
import { AuditTable } from './AuditTable';
import { EntryDrawer } from './EntryDrawer';
import { OUTCOMES } from './Outcome';
import classes from './Trail.module.css';

interface TrailProps {
  tenantId: number;
  search: AuditSearch;
  onSearch: (change: AuditSearch) => void;
  /** What the page is about, beyond what the person filters by. */
  fixed?: AuditFilter;
}

const KINDS = ['device', 'enrolment', 'import', 'group', 'person', 'tenant', 'job'];

/** A client's trail: search as one types, filters in the URL, the whole entry at the side. */
export function Trail({ tenantId, search, onSearch, fixed = {} }: TrailProps) {
  const [typed, setTyped] = useState(search.q ?? '');
  const ask = useDebouncedCallback(
    (q: string) => onSearch({ q: q.trim() === '' ? undefined : q.trim() }),
    180,
  );
  const filter = { ...filterFromSearch(search), ...fixed };
  const query = useInfiniteQuery(auditQuery(tenantId, filter));
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  const open = entries.find((entry) => entry.seq === search.entry) ?? null;
  const filtered = [search.q, search.outcome, search.kind, search.action, search.actor].some(
    (each) => each !== undefined,
  );
  const { fetchNextPage } = query;
  const load = useCallback(() => void fetchNextPage(), [fetchNextPage]);

  return (
    <>
      <div className={classes.bar} role="search">
        <TextInput
          aria-label="Search the trail"
          placeholder="Person, action, target, detail"
          className={classes.search}
          leftSection={<IconSearch size={14} aria-hidden />}
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            ask(event.currentTarget.value);
          }}
        />
        <Select
          aria-label="Outcome"
          placeholder="Any outcome"
          className={classes.select}
          data={OUTCOMES}
          clearable
          value={search.outcome ?? null}
          onChange={(value) => onSearch({ outcome: value ?? undefined })}
        />
        {fixed.target_kind === undefined && (
          <Select
            aria-label="Kind of target"
            placeholder="Any target"
            className={classes.select}
            data={KINDS}
            clearable
            value={search.kind ?? null}
            onChange={(value) => onSearch({ kind: value ?? undefined })}
          />
        )}
        {filtered && (
          <Button
            variant="subtle"
            onClick={() => {
              setTyped('');
              onSearch({
                q: undefined,
                outcome: undefined,
                kind: undefined,
                action: undefined,
                actor: undefined,
              });
            }}
          >
            Clear
          </Button>
        )}
      </div>
      {query.isPending ? (
        <Loading label="Loading the trail">
          <div className={classes.bones}>
            {Array.from({ length: 14 }, (_, line) => (
              <Bone key={line} height={20} />
            ))}
          </div>
        </Loading>
      ) : query.isError && !query.data ? (
        <ErrorState error={query.error} what="the audit trail" onRetry={() => void query.refetch()} />
      ) : entries.length === 0 ? (
        <EmptyState
          icon={<IconShieldCheck size={28} stroke={1.5} aria-hidden />}
          title={filtered ? 'No entry matches' : 'No entries yet'}
        >
          {filtered
            ? 'Nothing in the trail fits the search and filters above.'
            : 'What people and services do here is written down as it happens, and can’t be changed afterwards.'}
        </EmptyState>
      ) : (
        <AuditTable
          entries={entries}
          openSeq={search.entry}
          onOpen={(entry) => onSearch({ entry: entry.seq })}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load }}
          withTarget={fixed.target_id === undefined}
          old={query.isPlaceholderData}
        />
      )}
      <EntryDrawer entry={open} onClose={() => onSearch({ entry: undefined })} />
    </>
  );
}
