import { Button, TextInput } from '@mantine/core';
import { IconBuildingCommunity, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '@/api/client';
import { Bone, Loading } from '@/components/ui/Bone';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import { PageHeader } from '@/components/ui/PageHeader';
import { EditClientDialog } from '@/features/platform/components/EditClientDialog';
import { EnterDialog } from '@/features/platform/components/EnterDialog';
import { NewClientDialog } from '@/features/platform/components/NewClientDialog';
import { useCan, useSession } from '@/features/session/hooks';
import { formatCount, formatCounted } from '@/lib/units';
import { useTitle } from '@/lib/useTitle';
import { overviewQuery } from '../api/getOverview';
import { ClientTable } from '../components/ClientTable';
import { worstFirst } from '../order';

type Counts = Schema<'TenantCounts'>;

function summary(tenants: Counts[]): string {
  const sum = (pick: (tenant: Counts) => number) =>
    tenants.reduce((total, tenant) => total + pick(tenant), 0);
  const offline = sum((tenant) => tenant.offline);
  const words = [
    `${formatCounted(
      sum((tenant) => tenant.devices),
      'router',
    )} in ${formatCounted(tenants.length, 'client')}`,
    offline === 0 ? 'none offline' : `${formatCount(offline)} offline`,
  ];
  return words.join(', ');
}

function Skeleton() {
  return (
    <Loading label="Loading the clients">
      <div style={{ padding: '8px var(--d-gutter)', display: 'grid', gap: 12 }}>
        {Array.from({ length: 6 }, (_, line) => (
          <Bone key={line} height={32} />
        ))}
      </div>
    </Loading>
  );
}

/** Who needs me now, across all clients? */
export function Overview() {
  useTitle('Clients');
  const overview = useQuery(overviewQuery);
  const can = useCan();
  const { user } = useSession();
  const [wanted, setWanted] = useState('');
  const [entering, setEntering] = useState<Counts | null>(null);
  const [editing, setEditing] = useState<Counts | null>(null);
  const [making, setMaking] = useState(false);

  const tenants = overview.data?.tenants;
  const found = worstFirst(tenants ?? []).filter((tenant) =>
    tenant.name.toLowerCase().includes(wanted.trim().toLowerCase()),
  );
  const newClient = can('platform.tenants') && (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setMaking(true)}>
      New client
    </Button>
  );

  return (
    <>
      <PageHeader
        title="Clients"
        meta={tenants && tenants.length > 0 ? summary(tenants) : undefined}
        actions={
          tenants && tenants.length > 0 ? (
            <>
              <TextInput
                aria-label="Filter the clients"
                placeholder="Filter"
                size="sm"
                w={180}
                leftSection={<IconSearch size={14} aria-hidden />}
                value={wanted}
                onChange={(event) => setWanted(event.currentTarget.value)}
              />
              {newClient}
            </>
          ) : undefined
        }
      />
      {overview.isPending ? (
        <Skeleton />
      ) : overview.isError ? (
        <ErrorState error={overview.error} what="the clients" onRetry={() => void overview.refetch()} />
      ) : overview.data.tenants.length === 0 ? (
        <EmptyState
          icon={<IconBuildingCommunity size={28} stroke={1.5} aria-hidden />}
          title={user.is_super_admin ? 'No clients yet' : 'You are in no client yet'}
          action={newClient || undefined}
        >
          {user.is_super_admin
            ? 'A client is one customer’s routers, people, backups and audit trail, apart from every other’s and under a key of its own.'
            : 'An admin of a client can add you under People. Then it appears here.'}
        </EmptyState>
      ) : found.length === 0 ? (
        <EmptyState title={`No client has “${wanted.trim()}” in its name`} />
      ) : (
        <ClientTable
          tenants={found}
          onEnter={setEntering}
          onEdit={can('platform.tenants') ? setEditing : undefined}
        />
      )}
      <EnterDialog tenant={entering} onClose={() => setEntering(null)} />
      {editing && <EditClientDialog tenantId={editing.tenant_id} onClose={() => setEditing(null)} />}
      {making && <NewClientDialog onClose={() => setMaking(false)} />}
    </>
  );
}
