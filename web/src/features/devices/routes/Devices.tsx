import { Button } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconFileImport, IconFolders, IconPlus, IconRouter } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { EmptyState } from '@/components/ui/EmptyState';
import { LinkButton } from '@/components/ui/LinkButton';
import { NoPermission } from '@/components/ui/NoPermission';
import { PageHeader } from '@/components/ui/PageHeader';
import { useCan, useTenant } from '@/features/session/hooks';
import type { DeviceSort, DevicesSearch } from '@/lib/search';
import { formatCounted } from '@/lib/units';
import { useNarrow } from '@/lib/useNarrow';
import { useTitle } from '@/lib/useTitle';
import { devicePageQuery, PAGE_SIZE } from '../api/listDevices';
import { GroupsDialog } from '../components/dialogs/GroupsDialog';
import { DeviceTable } from '../components/table/DeviceTable';
import { Toolbar } from '../components/table/Toolbar';
import { AddRouter } from '../components/wizard/AddRouter';
import { filterFromSearch, isFiltered } from '../filter';
import classes from './Devices.module.css';

const TEXT_SORTS: ReadonlySet<DeviceSort> = new Set(['name', 'address', 'model', 'version', 'state']);
const route = getRouteApi('/inside/t/$slug/devices');

/** All routers of a client. */
export function Devices() {
  const tenant = useTenant();
  const can = useCan();
  useTitle('Devices', tenant.name);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [compact, setCompact] = useLocalStorage({ key: 'drover-compact-rows', defaultValue: false });
  const narrow = useNarrow();
  const [grouping, setGrouping] = useState(false);
  const { q, state, group, tag, sort, order } = search;
  const filter = useMemo(
    () => filterFromSearch({ q, state, group, tag, sort, order }),
    [q, state, group, tag, sort, order],
  );
  const allowed = can('devices.read');
  const first = useQuery({ ...devicePageQuery(tenant.tenant_id, filter, 0, PAGE_SIZE), enabled: allowed });
  if (!allowed) return <NoPermission what="this client’s routers" role={tenant.role} />;

  const change = (part: Partial<DevicesSearch>) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  const onSort = (next: DeviceSort) => {
    // Of numbers one wants the largest first, of words the beginning of the alphabet.
    const usual = TEXT_SORTS.has(next) ? 'asc' : 'desc';
    const other = usual === 'asc' ? 'desc' : 'asc';
    change({ sort: next, order: (sort ?? 'name') === next && (order ?? 'asc') === usual ? other : usual });
  };
  const write = can('devices.write');
  const addButton = write && (
    <Button leftSection={<IconPlus size={15} aria-hidden />} onClick={() => change({ add: true })}>
      Add router
    </Button>
  );
  const empty = isFiltered(filter) ? (
    <EmptyState
      title="No router matches"
      action={
        <Button
          variant="default"
          onClick={() => change({ q: undefined, state: undefined, group: undefined, tag: undefined })}
        >
          Clear the filters
        </Button>
      }
    >
      Nothing in {tenant.name} fits the search and filters above.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<IconRouter size={28} stroke={1.5} aria-hidden />}
      title="No routers yet"
      action={addButton || undefined}
    >
      A router is added by its address, a user name and a password, over api-ssl (port 8729). Its values and
      its first backup follow within seconds.{!write && ' An operator or admin of this client can add one.'}
    </EmptyState>
  );

  return (
    <div className={classes.page}>
      <PageHeader
        title="Devices"
        meta={
          first.data && `${formatCounted(first.data.total, 'router')}${isFiltered(filter) ? ' match' : ''}`
        }
        actions={
          <>
            {can('devices.organise') && (
              <Button
                variant="default"
                leftSection={<IconFolders size={15} aria-hidden />}
                onClick={() => setGrouping(true)}
              >
                Groups
              </Button>
            )}
            {write && (
              <LinkButton
                variant="default"
                leftSection={<IconFileImport size={15} aria-hidden />}
                to="/t/$slug/devices/import"
                params={{ slug: tenant.slug }}
              >
                Import CSV
              </LinkButton>
            )}
            {addButton}
          </>
        }
      />
      <Toolbar
        tenantId={tenant.tenant_id}
        search={search}
        onChange={change}
        compact={compact}
        onCompact={setCompact}
      />
      <DeviceTable
        key={tenant.tenant_id}
        tenantId={tenant.tenant_id}
        slug={tenant.slug}
        filter={filter}
        compact={compact}
        narrow={narrow}
        onSort={onSort}
        empty={empty}
      />
      {search.add === true && write && (
        <AddRouter
          enrolmentId={search.enrolment ?? null}
          onEnrolment={(enrolment) => change({ enrolment: enrolment ?? undefined })}
          onClose={() => change({ add: undefined, enrolment: undefined })}
        />
      )}
      {grouping && <GroupsDialog tenantId={tenant.tenant_id} onClose={() => setGrouping(false)} />}
    </div>
  );
}
