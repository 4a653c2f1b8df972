import { CopyButton } from '@mantine/core';
import { Age } from '@/components/ui/Age';
import { Facts } from '@/components/ui/Facts';
import { formatBytes, formatDuration } from '@/lib/units';
import type { Device } from '../../hooks';
import classes from './DeviceFacts.module.css';

function Key({ value }: { value: string | null }) {
  if (value === null) return '–';
  return (
    <CopyButton value={value}>
      {({ copied, copy }) => (
        <button
          type="button"
          className={classes.key}
          title={value}
          aria-label={`Copy ${value}`}
          onClick={copy}
        >
          {copied ? 'Copied' : `${value.slice(0, 22)}…`}
        </button>
      )}
    </CopyButton>
  );
}

/** What it is and how Drover reaches it. */
export function DeviceFacts({ device }: { device: Device }) {
  const capabilities = Object.entries(device.capabilities);
  return (
    <>
      <Facts
        facts={[
          ['Board', device.board_name],
          ['Architecture', device.architecture],
          ['Firmware', device.firmware],
          ['Memory', formatBytes(device.memory_total_bytes)],
          ['Disk', formatBytes(device.disk_total_bytes)],
          ['Group', device.group_name],
          ['Tags', device.tags.length === 0 ? null : device.tags.join(', ')],
          ['Polled every', formatDuration(device.poll_interval_s)],
          ['Backed up every', formatDuration(device.snapshot_interval_s)],
          ['Last backup', <Age key="backup" at={device.last_snapshot_at} never="never" />],
          ['User name', device.username],
          ['Ports', `API ${device.api_port}, SSH ${device.ssh_port}`],
          ['API key', <Key key="spki" value={device.spki_sha256} />],
          ['SSH host key', <Key key="ssh" value={device.ssh_host_key_sha256} />],
          ['Added', <Age key="added" at={device.created_at} />],
          ...capabilities.map(
            ([name, evidence]) => [`Probed: ${name.replaceAll('_', ' ')}`, evidence] as const,
          ),
        ]}
      />
      {device.notes !== '' && <p className={classes.notes}>{device.notes}</p>}
    </>
  );
}
