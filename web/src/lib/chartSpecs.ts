import type { ChartSpec } from './chart';
import { formatBps, formatCount, formatDbm, formatMs, formatPercent, formatTemperature } from './units';

/** What is drawn where: columns of the series by name, with their words and units. */
export const TRAFFIC: ChartSpec = {
  title: 'Traffic',
  format: formatBps,
  lines: [
    { key: 'rx_bps', maxKey: 'rx_bps_max', label: 'Download', colour: 1, fill: true },
    { key: 'tx_bps', maxKey: 'tx_bps_max', label: 'Upload', colour: 2 },
  ],
};

export const INTERFACE_TRAFFIC: ChartSpec = {
  ...TRAFFIC,
  lines: [
    { key: 'rx_bps', maxKey: 'rx_bps_max', label: 'Received', colour: 1, fill: true },
    { key: 'tx_bps', maxKey: 'tx_bps_max', label: 'Sent', colour: 2 },
  ],
};

/** Per step: how many packets the interface could not take or give. */
export const INTERFACE_FAULTS: ChartSpec = {
  title: 'Errors and drops',
  whole: true,
  format: formatCount,
  lines: [
    { key: 'rx_errors', label: 'Receive errors', colour: 1 },
    { key: 'tx_errors', label: 'Send errors', colour: 2 },
    { key: 'rx_drops', label: 'Receive drops', colour: 3 },
    { key: 'tx_drops', label: 'Send drops', colour: 4 },
  ],
};

export const CPU: ChartSpec = {
  title: 'CPU',
  format: formatPercent,
  top: 100,
  lines: [{ key: 'cpu_percent', maxKey: 'cpu_percent_max', label: 'CPU', colour: 1, fill: true }],
};

export const MEMORY: ChartSpec = {
  title: 'Memory',
  format: formatPercent,
  top: 100,
  lines: [{ key: 'memory_percent', maxKey: 'memory_percent_max', label: 'Memory', colour: 3, fill: true }],
};

export const DISK: ChartSpec = {
  title: 'Disk',
  format: formatPercent,
  top: 100,
  lines: [{ key: 'disk_percent', maxKey: 'disk_percent_max', label: 'Disk', colour: 2, fill: true }],
};

export const TEMPERATURE: ChartSpec = {
  title: 'Temperature',
  format: formatTemperature,
  lines: [{ key: 'temperature_c', maxKey: 'temperature_c_max', label: 'Temperature', colour: 4 }],
};

export const REPLY_TIME: ChartSpec = {
  title: 'Reply time',
  format: formatMs,
  lines: [{ key: 'rtt_ms', maxKey: 'rtt_ms_max', label: 'Reply time', colour: 2 }],
};

export const WIRELESS_CLIENTS: ChartSpec = {
  title: 'Wireless clients',
  whole: true,
  format: formatCount,
  lines: [{ key: 'clients', maxKey: 'clients_max', label: 'Wireless clients', colour: 1, fill: true }],
};

export const SIGNAL: ChartSpec = {
  title: 'Signal',
  format: formatDbm,
  bottom: -95,
  top: -30,
  lines: [
    { key: 'signal_dbm', label: 'Average', colour: 1 },
    { key: 'signal_dbm_min', label: 'Weakest', colour: 4 },
  ],
};
