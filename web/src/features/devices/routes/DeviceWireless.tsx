import { IconWifi, IconWifiOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import { Bone, Loading } from '@/components/ui/Bone';
import { ChartPanel } from '@/components/ui/chart/ChartPanel';
import { EmptyState } from '@/components/ui/EmptyState';
import { ErrorState } from '@/components/ui/ErrorState';
import { RangeSwitch } from '@/components/ui/RangeSwitch';
import { SortTable, type SortColumn } from '@/components/ui/SortTable';
import table from '@/components/ui/table.module.css';
import { SIGNAL, WIRELESS_CLIENTS } from '@/lib/chartSpecs';
import { formatBps, formatCounted, formatDb, formatDurationShort, formatPercent } from '@/lib/units';
import { wirelessSamplesQuery } from '../api/getWirelessSamples';
import { wirelessClientsQuery } from '../api/listWirelessClients';
import { SignalMark } from '../components/device/SignalMark';
import { useDevice, useUsualRange } from '../hooks';
import classes from './DeviceWireless.module.css';

type Client = Schema<'WirelessClient'>;
const route = getRouteApi('/inside/t/$slug/devices/$deviceId/wireless');

const COLUMNS: SortColumn<Client>[] = [
  {
    id: 'signal',
    header: 'Signal',
    value: (row) => row.signal_dbm,
    cell: (row) => <SignalMark dbm={row.signal_dbm} />,
  },
  {
    id: 'client',
    header: 'Client',
    value: (row) => row.host_name ?? row.mac_address,
    cell: (row) => (
      <span className={classes.client}>
        {row.host_name !== null && <span className={classes.host}>{row.host_name}</span>}
        <span className={`${table.mono} ${table.faint}`}>{row.mac_address}</span>
      </span>
    ),
  },
  { id: 'ssid', header: 'SSID', wide: true, value: (row) => row.ssid, cell: (row) => row.ssid ?? '–' },
  {
    id: 'interface',
    header: 'Interface',
    wide: true,
    value: (row) => row.interface,
    cell: (row) => <span className={table.dim}>{row.interface}</span>,
  },
  {
    id: 'snr',
    header: 'SNR',
    numeric: true,
    wide: true,
    value: (row) => row.snr_db,
    cell: (row) => formatDb(row.snr_db),
  },
  {
    id: 'ccq',
    header: 'CCQ',
    numeric: true,
    wide: true,
    value: (row) => row.ccq_percent,
    cell: (row) => formatPercent(row.ccq_percent),
  },
  {
    id: 'rx',
    header: 'Rx rate',
    numeric: true,
    wide: true,
    value: (row) => row.rx_rate_bps,
    cell: (row) => formatBps(row.rx_rate_bps),
  },
  {
    id: 'tx',
    header: 'Tx rate',
    numeric: true,
    wide: true,
    value: (row) => row.tx_rate_bps,
    cell: (row) => formatBps(row.tx_rate_bps),
  },
  {
    id: 'uptime',
    header: 'Connected',
    numeric: true,
    value: (row) => row.uptime_s,
    cell: (row) => formatDurationShort(row.uptime_s),
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

export function DeviceWireless() {
  const { device, tenantId } = useDevice();
  const usual = useUsualRange();
  const { range = usual } = route.useSearch();
  const navigate = route.useNavigate();
  const clients = useQuery(wirelessClientsQuery(tenantId, device.id));
  const samples = useQuery(wirelessSamplesQuery(tenantId, device.id, range));

  if (clients.isPending) {
    return (
      <Loading label="Loading the wireless clients">
        <div className={classes.charts}>
          <Bone height={190} />
          <Bone height={190} />
        </div>
      </Loading>
    );
  }
  if (!clients.data)
    return (
      <ErrorState error={clients.error} what="the wireless clients" onRetry={() => void clients.refetch()} />
    );
  const noRadio =
    device.clients === null && clients.data.length === 0 && (samples.data?.at.length ?? 0) === 0;
  if (noRadio) {
    return (
      <EmptyState
        icon={<IconWifiOff size={28} stroke={1.5} aria-hidden />}
        title="No radio is known on this router"
      >
        Wireless and wifi interfaces are found at each poll; clients and their signal are listed here when
        there are any.
      </EmptyState>
    );
  }
  return (
    <>
      <div className={classes.range}>
        <span className={classes.count}>{formatCounted(clients.data.length, 'client')} connected</span>
        <RangeSwitch
          value={range}
          onChange={(next) => void navigate({ search: { range: next }, replace: true })}
        />
      </div>
      <div className={classes.charts}>
        <ChartPanel spec={WIRELESS_CLIENTS} range={range} query={samples} height={150} syncKey="wireless" />
        <ChartPanel spec={SIGNAL} range={range} query={samples} height={150} syncKey="wireless" />
      </div>
      {clients.data.length === 0 ? (
        <EmptyState icon={<IconWifi size={28} stroke={1.5} aria-hidden />} title="Nobody is connected now">
          The last poll found no client on this router’s radios.
        </EmptyState>
      ) : (
        <SortTable
          label="Wireless clients"
          columns={COLUMNS}
          rows={clients.data}
          rowId={(row) => `${row.interface} ${row.mac_address}`}
          sort={{ id: 'signal', desc: false }}
        />
      )}
    </>
  );
}
