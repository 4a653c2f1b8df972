import { createColumnHelper, tableFeatures } from '@tanstack/react-table';
import { Link } from '@tanstack/react-router';
import type { Schema } from '@/api/client';
import { Age } from '@/components/ui/Age';
import { StateMark } from '@/components/ui/StateMark';
import type { DeviceSort } from '@/lib/search';
import { formatBps, formatCount, formatDurationShort, formatPercent, UNKNOWN } from '@/lib/units';
import { StateCell } from './StateCell';
import classes from './DeviceTable.module.css';

export type DeviceRow = Schema<'DeviceRow'>;
/** A row whose page is still on its way has no device yet. */
export interface TableRow {
  index: number;
  device: DeviceRow | null;
  slug: string;
  /** At 390 px state and address stand under the name. */
  narrow: boolean;
}

export const deviceFeatures = tableFeatures({});
const helper = createColumnHelper<typeof deviceFeatures, TableRow>();

interface ColumnLayout {
  /** Of the grid; the sum of the least widths fits a 1,280 px screen beside the rail. */
  width: string;
  sort?: DeviceSort;
  numeric?: boolean;
  /** Still there at 390 px. */
  narrow?: boolean;
}

export const LAYOUT: Record<string, ColumnLayout> = {
  state: { width: '160px', sort: 'state', narrow: true },
  name: { width: 'minmax(148px, 1.5fr)', sort: 'name', narrow: true },
  address: { width: 'minmax(104px, 0.6fr)', sort: 'address' },
  model: { width: 'minmax(104px, 1fr)', sort: 'model' },
  version: { width: '66px', sort: 'version' },
  group: { width: 'minmax(104px, 1.1fr)' },
  cpu: { width: '56px', sort: 'cpu_percent', numeric: true, narrow: true },
  memory: { width: '58px', sort: 'memory_percent', numeric: true },
  rx: { width: '86px', sort: 'rx_bps', numeric: true, narrow: true },
  tx: { width: '86px', sort: 'tx_bps', numeric: true },
  clients: { width: '60px', sort: 'clients', numeric: true },
  uptime: { width: '62px', sort: 'uptime_s', numeric: true },
  backup: { width: '66px', sort: 'last_snapshot_at', numeric: true },
};

function Plain({ value }: { value: string | null }) {
  return value === null ? (
    <span className={classes.unknown}>{UNKNOWN}</span>
  ) : (
    <span title={value}>{value}</span>
  );
}

function Load({ value }: { value: number | null }) {
  return (
    <span className={value !== null && value >= 90 ? classes.high : undefined}>{formatPercent(value)}</span>
  );
}

const cell = (draw: (device: DeviceRow, row: TableRow) => React.ReactNode) =>
  function DeviceCell({ row }: { row: { original: TableRow } }) {
    const { device } = row.original;
    return device === null ? <span className={classes.bone} /> : draw(device, row.original);
  };

export const deviceColumns = helper.columns([
  helper.display({ id: 'state', header: 'State', cell: cell((device) => <StateCell device={device} />) }),
  helper.display({
    id: 'name',
    header: 'Name',
    cell: cell((device, { slug, narrow }) => (
      <span className={classes.nameCell}>
        <Link
          to="/t/$slug/devices/$deviceId/overview"
          params={{ slug, deviceId: device.id }}
          className={classes.name}
          data-row-link
        >
          {device.name}
        </Link>
        {narrow && (
          <span className={classes.narrowLine}>
            <StateMark state={device.state} /> {device.address}
          </span>
        )}
      </span>
    )),
  }),
  helper.display({
    id: 'address',
    header: 'Address',
    cell: cell((device) => <Plain value={device.address} />),
  }),
  helper.display({ id: 'model', header: 'Model', cell: cell((device) => <Plain value={device.model} />) }),
  helper.display({
    id: 'version',
    header: 'Version',
    cell: cell((device) => <Plain value={device.version} />),
  }),
  helper.display({
    id: 'group',
    header: 'Group, tags',
    cell: cell((device) => (
      <span className={classes.tags} title={[device.group_name, ...device.tags].filter(Boolean).join(', ')}>
        {device.group_name}
        {device.tags.map((tag) => (
          <span key={tag} className={classes.tag}>
            {tag}
          </span>
        ))}
      </span>
    )),
  }),
  helper.display({ id: 'cpu', header: 'CPU', cell: cell((device) => <Load value={device.cpu_percent} />) }),
  helper.display({
    id: 'memory',
    header: 'Mem',
    cell: cell((device) => <Load value={device.memory_percent} />),
  }),
  helper.display({ id: 'rx', header: 'Down', cell: cell((device) => formatBps(device.rx_bps)) }),
  helper.display({ id: 'tx', header: 'Up', cell: cell((device) => formatBps(device.tx_bps)) }),
  helper.display({ id: 'clients', header: 'Clients', cell: cell((device) => formatCount(device.clients)) }),
  helper.display({
    id: 'uptime',
    header: 'Uptime',
    cell: cell((device) => formatDurationShort(device.uptime_s)),
  }),
  helper.display({
    id: 'backup',
    header: 'Backup',
    cell: cell((device) => <Age at={device.last_snapshot_at} bare never="never" />),
  }),
]);
