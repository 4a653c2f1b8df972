import { IconShieldCheck } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useCallback } from 'react';
import { Bone, Loading } from '@/components/ui/Bone';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import { PageHeader } from '@/components/ui/PageHeader';
import { AuditTable } from '@/features/audit/components/AuditTable';
import { EntryDrawer } from '@/features/audit/components/EntryDrawer';
import auditClasses from '@/features/audit/routes/Audit.module.css';
import { useCan } from '@/features/session/hooks';
import { useTitle } from '@/lib/useTitle';
import { platformAuditQuery } from '../api/listPlatformAudit';

const route = getRouteApi('/inside/platform/audit');

/** What happened on the platform itself: clients made, super admins, sign-ins of nobody known. */
export function PlatformAudit() {
  useTitle('Platform audit');
  const can = useCan();
  const { entry: openSeq } = route.useSearch();
  const navigate = route.useNavigate();
  const allowed = can('platform.audit');
  const query = useInfiniteQuery({ ...platformAuditQuery, enabled: allowed });
  const entries = query.data?.pages.flatMap((page) => page.entries) ?? [];
  const show = (entry: number | undefined) => void navigate({ search: { entry }, replace: true });
  const { fetchNextPage } = query;
  const load = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  if (!allowed) {
    return (
      <EmptyState title="You may not see the platform’s audit trail">
        A super admin of this Drover can.
      </EmptyState>
    );
  }
  return (
    <div className={auditClasses.page}>
      <PageHeader
        title="Platform audit"
        meta="Clients made, super admins entering clients, sign-ins that belong to no client."
      />
      {query.isPending ? (
        <Loading label="Loading the trail">
          <div style={{ padding: '8px var(--d-gutter)', display: 'grid', gap: 14 }}>
            {Array.from({ length: 10 }, (_, line) => (
              <Bone key={line} height={20} />
            ))}
          </div>
        </Loading>
      ) : query.isError ? (
        <ErrorState
          error={query.error}
          what="the platform’s audit trail"
          onRetry={() => void query.refetch()}
        />
      ) : entries.length === 0 ? (
        <EmptyState icon={<IconShieldCheck size={28} stroke={1.5} aria-hidden />} title="No entries yet" />
      ) : (
        <AuditTable
          entries={entries}
          openSeq={openSeq}
          onOpen={(entry) => show(entry.seq)}
          more={{ has: query.hasNextPage, busy: query.isFetchingNextPage, load }}
        />
      )}
      <EntryDrawer
        entry={entries.find((entry) => entry.seq === openSeq) ?? null}
        onClose={() => show(undefined)}
      />
    </div>
  );
}
