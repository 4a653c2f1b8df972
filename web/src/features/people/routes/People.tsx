import { Button } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Schema } from '@/api/client';
import { Bone, Loading } from '@/components/ui/Bone';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import { FormError } from '@/components/ui/FormError';
import { NoPermission } from '@/components/ui/NoPermission';
import { PageHeader } from '@/components/ui/PageHeader';
import { useCan, useTenant } from '@/features/session/hooks';
import { formatCounted } from '@/lib/units';
import { useTitle } from '@/lib/useTitle';
import { useChangePerson } from '../api/changePerson';
import { peopleQuery } from '../api/listPeople';
import { AddPersonDialog } from '../components/AddPersonDialog';
import { PeopleTable } from '../components/PeopleTable';
import { RemoveDialog } from '../components/RemoveDialog';

/** Who may do what in this client. */
export function People() {
  const tenant = useTenant();
  const can = useCan();
  useTitle('People', tenant.name);
  const allowed = can('people.read');
  const manage = can('people.manage');
  const people = useQuery({ ...peopleQuery(tenant.tenant_id), enabled: allowed });
  const change = useChangePerson(tenant.tenant_id);
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Schema<'Person'> | null>(null);
  if (!allowed) return <NoPermission what="the people of this client" role={tenant.role} />;

  const add = manage && (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={() => setAdding(true)}>
      Add person
    </Button>
  );
  return (
    <>
      <PageHeader
        title="People"
        meta={
          people.data &&
          `${formatCounted(people.data.length, 'person', 'people')}. ${manage ? '' : 'An admin of this client can add and change them.'}`
        }
        actions={add || undefined}
      />
      {change.isError && (
        <div style={{ padding: '0 var(--d-gutter) 10px' }}>
          <FormError error={change.error} />
        </div>
      )}
      {people.isPending ? (
        <Loading label="Loading the people">
          <div style={{ padding: '8px var(--d-gutter)', display: 'grid', gap: 14 }}>
            {Array.from({ length: 5 }, (_, line) => (
              <Bone key={line} height={26} />
            ))}
          </div>
        </Loading>
      ) : people.isError ? (
        <ErrorState error={people.error} what="the people" onRetry={() => void people.refetch()} />
      ) : people.data.length === 0 ? (
        <EmptyState
          icon={<IconUsers size={28} stroke={1.5} aria-hidden />}
          title="Nobody is a member yet"
          action={add || undefined}
        >
          Members see this client in their switcher. Operators do the daily work; viewers only look.
        </EmptyState>
      ) : (
        <PeopleTable people={people.data} manage={manage} change={change} onRemove={setRemoving} />
      )}
      {adding && <AddPersonDialog onClose={() => setAdding(false)} />}
      {removing && <RemoveDialog person={removing} onClose={() => setRemoving(null)} />}
    </>
  );
}
