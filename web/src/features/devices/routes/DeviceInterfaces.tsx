import { IconChevronDown, IconChevronRight, IconPlugConnected } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMemo } from 'react';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import { Bone, Loading } from '@/components/ui/Bone';
import { ChartPanel } from '@/components/ui/chart/ChartPanel';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import { RangeSwitch } from '@/components/ui/RangeSwitch';
import { SortTable, type SortColumn } from '@/components/ui/SortTable';
import table from '@/components/ui/table.module.css';
import { INTERFACE_FAULTS, INTERFACE_TRAFFIC } from '@/lib/chartSpecs';
import type { Range } from '@/lib/search';
import { formatBps, formatCount } from '@/lib/units';
import { interfaceSamplesQuery } from '../api/getInterfaceSamples';
import { interfacesQuery } from '../api/listInterfaces';
import { LinkMark, linkState } from '../components/device/LinkMark';
import { useDevice, useUsualRange } from '../hooks';
import classes from './DeviceInterfaces.module.css';

type Interface = Schema<'Interface'>;
const route = getRouteApi('/inside/t/$slug/devices/$deviceId/interfaces');

function errors({ rx_errors: rx, tx_errors: tx }: Interface): number | null {
  return rx === null && tx === null ? null : (rx ?? 0) + (tx ?? 0);
}

function columnsFor(openId: number | undefined): SortColumn<Interface>[] {
  return [
    {
      id: 'name',
      header: 'Interface',
      value: (row) => row.name,
      cell: (row) => {
        const Chevron = row.id === openId ? IconChevronDown : IconChevronRight;
        return (
          <span className={classes.name}>
            <Chevron size={14} aria-hidden className={classes.chevron} />
            <span className={classes.label}>{row.name}</span>
            {row.comment !== null && <span className={table.faint}>{row.comment}</span>}
          </span>
        );
      },
    },
    { id: 'link', header: 'Link', value: linkState, cell: (row) => <LinkMark state={linkState(row)} /> },
    {
      id: 'rate',
      header: 'Link rate',
      numeric: true,
      wide: true,
      value: (row) => row.rate_bps,
      cell: (row) => formatBps(row.rate_bps),
    },
    {
      id: 'rx',
      header: 'Received',
      numeric: true,
      value: (row) => row.rx_bps,
      cell: (row) => formatBps(row.rx_bps),
    },
    {
      id: 'tx',
      header: 'Sent',
      numeric: true,
      value: (row) => row.tx_bps,
      cell: (row) => formatBps(row.tx_bps),
    },
    {
      id: 'errors',
      header: 'Errors',
      numeric: true,
      wide: true,
      value: errors,
      cell: (row) => (
        <span
          className={(errors(row) ?? 0) > 0 ? table.warning : undefined}
          title={`received ${formatCount(row.rx_errors)}, sent ${formatCount(row.tx_errors)}`}
        >
          {formatCount(errors(row))}
        </span>
      ),
    },
    {
      id: 'downs',
      header: 'Link downs',
      numeric: true,
      wide: true,
      value: (row) => row.link_downs,
      cell: (row) => formatCount(row.link_downs),
    },
    {
      id: 'type',
      header: 'Type',
      wide: true,
      value: (row) => row.type,
      cell: (row) => <span className={table.dim}>{row.type ?? '–'}</span>,
    },
    {
      id: 'mac',
      header: 'MAC address',
      wide: true,
      cell: (row) => <span className={table.mono}>{row.mac_address ?? '–'}</span>,
    },
    {
      id: 'age',
      header: 'Seen',
      numeric: true,
      wide: true,
      value: (row) => row.last_seen_at,
      cell: (row) => <Age at={row.last_seen_at} bare />,
    },
  ];
}

function Traffic({
  row,
  tenantId,
  deviceId,
  range,
  onRange,
}: {
  row: Interface;
  tenantId: number;
  deviceId: number;
  range: Range;
  onRange: (range: Range) => void;
}) {
  const samples = useQuery(interfaceSamplesQuery(tenantId, deviceId, row.id, range));
  const [traffic, faults] = useMemo(
    () => [
      { ...INTERFACE_TRAFFIC, title: `Traffic of ${row.name}` },
      { ...INTERFACE_FAULTS, title: `Errors and drops of ${row.name}` },
    ],
    [row.name],
  );
  return (
    <div className={classes.charts}>
      <ChartPanel
        spec={traffic}
        range={range}
        query={samples}
        height={180}
        syncKey="interfaces"
        actions={<RangeSwitch value={range} onChange={onRange} />}
      />
      <ChartPanel spec={faults} range={range} query={samples} height={180} syncKey="interfaces" />
    </div>
  );
}

export function DeviceInterfaces() {
  const { device, tenantId } = useDevice();
  const usual = useUsualRange();
  const { range = usual, interface: openId } = route.useSearch();
  const navigate = route.useNavigate();
  const interfaces = useQuery(interfacesQuery(tenantId, device.id));
  const columns = useMemo(() => columnsFor(openId), [openId]);

  if (interfaces.isPending) {
    return (
      <Loading label="Loading the interfaces">
        <div className={classes.bones}>
          {Array.from({ length: 8 }, (_, line) => (
            <Bone key={line} height={20} />
          ))}
        </div>
      </Loading>
    );
  }
  if (!interfaces.data)
    return (
      <ErrorState error={interfaces.error} what="the interfaces" onRetry={() => void interfaces.refetch()} />
    );
  if (interfaces.data.length === 0) {
    return (
      <EmptyState icon={<IconPlugConnected size={28} stroke={1.5} aria-hidden />} title="No interfaces yet">
        They appear with the first poll of this router.
      </EmptyState>
    );
  }
  return (
    <SortTable
      label="Interfaces"
      columns={columns}
      rows={interfaces.data}
      rowId={(row) => String(row.id)}
      openId={openId === undefined ? undefined : String(openId)}
      onOpen={(row) =>
        void navigate({
          search: (old) => ({ ...old, interface: old.interface === row.id ? undefined : row.id }),
          replace: true,
        })
      }
      detail={(row) => (
        <Traffic
          row={row}
          tenantId={tenantId}
          deviceId={device.id}
          range={range}
          onRange={(next) => void navigate({ search: (old) => ({ ...old, range: next }), replace: true })}
        />
      )}
    />
  );
}
