import { ActionIcon, Button } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import { ClientMark } from '@/components/ui/ClientMark';
import table from '@/components/ui/table.module.css';
import { useNarrow } from '@/lib/useNarrow';
import { formatCount } from '@/lib/units';
import { reasonOf } from '../order';
import classes from './ClientTable.module.css';

type Counts = Schema<'TenantCounts'>;

function Number({ value, tone, wide }: { value: number; tone?: 'critical' | 'warning'; wide?: boolean }) {
  const look = value === 0 ? table.zero : tone === undefined ? undefined : table[tone];
  return (
    <td className={[table.num, wide ? table.wide : ''].join(' ')}>
      <span className={look}>{formatCount(value)}</span>
    </td>
  );
}

interface RowProps {
  tenant: Counts;
  onEnter: (tenant: Counts) => void;
  /** Given to those who may change clients. */
  onEdit?: ((tenant: Counts) => void) | undefined;
}

function Row({ tenant, onEnter, onEdit }: RowProps) {
  const navigate = useNavigate();
  const reason = reasonOf(tenant);
  const narrow = useNarrow();
  // Who is outside sees counters only: that nothing is offline does not mean that all is well.
  const calm = tenant.can_open ? 'All well' : 'Nothing offline; more is seen inside';
  const open = tenant.can_open && tenant.state === 'active';
  return (
    <tr
      data-link={open || undefined}
      onClick={(event) => {
        if (open && !(event.target instanceof Element && event.target.closest('a,button'))) {
          void navigate({ to: '/t/$slug', params: { slug: tenant.slug } });
        }
      }}
    >
      <td>
        <div className={classes.client}>
          <ClientMark name={tenant.name} colour={tenant.colour} />
          {open ? (
            <Link to="/t/$slug" params={{ slug: tenant.slug }} className={table.primary}>
              {tenant.name}
            </Link>
          ) : (
            <span className={classes.name}>{tenant.name}</span>
          )}
        </div>
        {narrow && <div className={classes.narrowReason}>{reason ?? calm}</div>}
      </td>
      {!narrow && (
        <td>
          <span className={reason === null ? table.faint : tenant.offline > 0 ? classes.bad : table.dim}>
            {reason ?? calm}
          </span>
        </td>
      )}
      <Number value={tenant.devices} wide />
      <Number value={tenant.online} wide />
      <Number value={tenant.offline} tone="critical" />
      <Number value={tenant.stale} tone="warning" wide />
      <Number value={tenant.unknown} wide />
      <Number value={tenant.disabled} wide />
      <td className={[table.num, table.wide, table.dim].join(' ')}>
        <Age at={tenant.last_event_at} />
      </td>
      <td className={[table.num, classes.act].join(' ')}>
        {!tenant.can_open && tenant.state === 'active' && (
          <Button
            size="compact-sm"
            variant="default"
            aria-label={`Enter ${tenant.name} with a reason`}
            onClick={() => onEnter(tenant)}
          >
            Enter…
          </Button>
        )}
        {onEdit && tenant.state === 'active' && (
          <ActionIcon
            variant="subtle"
            size={26}
            aria-label={`Edit ${tenant.name}`}
            onClick={() => onEdit(tenant)}
          >
            <IconPencil size={15} aria-hidden />
          </ActionIcon>
        )}
      </td>
    </tr>
  );
}

type ClientTableProps = Omit<RowProps, 'tenant'> & { tenants: readonly Counts[] };

export function ClientTable({ tenants, onEnter, onEdit }: ClientTableProps) {
  const narrow = useNarrow();
  return (
    <div className={table.wrap}>
      <table className={`${table.table} ${classes.table}`}>
        <thead>
          <tr>
            <th scope="col">Client</th>
            {!narrow && <th scope="col">Worst now</th>}
            <th scope="col" className={`${table.num} ${table.wide}`}>
              Routers
            </th>
            <th scope="col" className={`${table.num} ${table.wide}`}>
              Online
            </th>
            <th scope="col" className={table.num}>
              Offline
            </th>
            <th scope="col" className={`${table.num} ${table.wide}`}>
              Stale
            </th>
            <th scope="col" className={`${table.num} ${table.wide}`}>
              Unknown
            </th>
            <th scope="col" className={`${table.num} ${table.wide}`}>
              Disabled
            </th>
            <th scope="col" className={`${table.num} ${table.wide}`}>
              Last event
            </th>
            <th scope="col" className={table.num}>
              <span className={classes.hidden}>Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tenants.map((tenant) => (
            <Row key={tenant.tenant_id} tenant={tenant} onEnter={onEnter} onEdit={onEdit} />
          ))}
        </tbody>
      </table>
    </div>
  );
}
