-- name: find_capture_task
-- What the worker needs to capture a device's configuration.
select d.id as device_id, d.name, d.address, d.api_port, d.ssh_port, d.username, d.spki_sha256, d.ssh_host_key_sha256, d.version, d.disabled,
       c.version as credentials_version, c.sealed, tenancy.management_networks()::text[] as networks
from drover.devices d
join drover.device_credentials c on c.tenant_id = %(tenant_id)s and c.device_id = d.id
where d.tenant_id = %(tenant_id)s and d.id = %(device_id)s and d.deleted_at is null

-- name: lock_device
-- Hold a device while its newest version is decided: two captures at once make one version.
select id, name, snapshot_interval_s, snapshot_state from drover.devices
where tenant_id = %(tenant_id)s and id = %(device_id)s and deleted_at is null
for update

-- name: find_newest_version
-- A device's newest version with its sealed masked text.
select v.id, b.digest, b.documents
from drover.config_versions v
join drover.config_blobs b on b.tenant_id = %(tenant_id)s and b.id = v.blob_id
where v.tenant_id = %(tenant_id)s and v.device_id = %(device_id)s
order by v.id desc limit 1

-- name: touch_version
-- The newest version was found unchanged.
update drover.config_versions set last_seen_at = now() where tenant_id = %(tenant_id)s and id = %(version_id)s

-- name: hold_blob
-- A content that is kept already, held until a version points at it: the purge of another device can't take it away.
select id from drover.config_blobs where tenant_id = %(tenant_id)s and digest = %(digest)s for key share

-- name: insert_blob
-- A content, once; nothing when another capture was faster.
insert into drover.config_blobs (tenant_id, digest, documents, secrets, size_bytes)
values (%(tenant_id)s, %(digest)s, %(documents)s, %(secrets)s, %(size_bytes)s)
on conflict (tenant_id, digest) do nothing returning id

-- name: insert_version
-- A device has another configuration than before.
insert into drover.config_versions (tenant_id, device_id, blob_id, taken_at, last_seen_at, trigger, version, lines_added, lines_removed)
values (%(tenant_id)s, %(device_id)s, %(blob_id)s, now(), now(), %(trigger)s, %(version)s, %(lines_added)s, %(lines_removed)s)
returning id

-- name: mark_tried
-- A try begins: should it end without a word (a bug, a lost database), the next one waits a while.
update drover.devices
set next_snapshot_at = greatest(next_snapshot_at, now() + least(make_interval(secs => snapshot_interval_s), interval '15 minutes'))
where tenant_id = %(tenant_id)s and id = %(device_id)s

-- name: mark_kept
-- The last capture went well; the next is spread so that a fleet does not come at once.
update drover.devices
set snapshot_state = 'ok', snapshot_error = null, last_snapshot_at = now(),
    next_snapshot_at = now() + make_interval(secs => snapshot_interval_s * (0.9 + 0.2 * random()))
where tenant_id = %(tenant_id)s and id = %(device_id)s

-- name: mark_failed
-- The last capture failed. The next try comes after 15 minutes, then after as long as it has been failing, a whole interval at most.
update drover.devices
set snapshot_state = 'failed', snapshot_error = %(error)s,
    next_snapshot_at = now() + (0.9 + 0.2 * random())
        * least(make_interval(secs => snapshot_interval_s), greatest(interval '15 minutes', now() - %(failing_since)s::timestamptz))
where tenant_id = %(tenant_id)s and id = %(device_id)s

-- name: find_failing_since
-- When a device that fails began to: its event is written at the first failure only.
select at from drover.events
where tenant_id = %(tenant_id)s and device_id = %(device_id)s and kind = 'snapshot.failed'
order by id desc limit 1

-- name: insert_event
-- Something happened to a device's configuration.
insert into drover.events (tenant_id, at, kind, severity, device_id, message)
values (%(tenant_id)s, now(), %(kind)s, %(severity)s, %(device_id)s, %(message)s)

-- name: count_waiting
-- How many snapshots wait or are being taken.
select count(*) as waiting from drover.jobs
where tenant_id = %(tenant_id)s and kind = 'take_snapshot' and state in ('queued', 'running')

-- name: list_due
-- Devices whose snapshot is due, longest waiting first. One that can't be reached or signed in to is not tried: it stays due, so
-- its turn comes within a round of its return.
select d.id from drover.devices d
join drover.device_credentials c on c.tenant_id = %(tenant_id)s and c.device_id = d.id
left join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
where d.tenant_id = %(tenant_id)s and d.next_snapshot_at <= now() and not d.disabled and d.deleted_at is null
  and d.ssh_host_key_sha256 is not null and coalesce(s.state, 'unknown') not in ('needs_credentials', 'certificate_changed', 'offline')
  and not exists (select from drover.jobs j where j.tenant_id = %(tenant_id)s and j.device_id = d.id
                  and j.kind = 'take_snapshot' and j.state in ('queued', 'running'))
order by d.next_snapshot_at limit %(limit)s

-- name: find_device
-- A device that has a timeline, and whether a snapshot of it may be asked for.
select id, name, disabled, ssh_host_key_sha256 from drover.devices
where tenant_id = %(tenant_id)s and id = %(device_id)s and deleted_at is null

-- name: list_versions
-- A device's timeline, newest first.
select v.id, v.taken_at, v.last_seen_at, v.trigger, v.version, b.size_bytes, v.lines_added, v.lines_removed
from drover.config_versions v
join drover.config_blobs b on b.tenant_id = %(tenant_id)s and b.id = v.blob_id
where v.tenant_id = %(tenant_id)s and v.device_id = %(device_id)s
order by v.id desc limit %(limit)s offset %(offset)s

-- name: count_versions
-- How long a device's timeline is.
select count(*) as total from drover.config_versions where tenant_id = %(tenant_id)s and device_id = %(device_id)s

-- name: find_version
-- One version of a device with its sealed masked text.
select v.id, v.taken_at, v.last_seen_at, v.trigger, v.version, b.size_bytes, v.lines_added, v.lines_removed, b.digest, b.documents
from drover.config_versions v
join drover.config_blobs b on b.tenant_id = %(tenant_id)s and b.id = v.blob_id
where v.tenant_id = %(tenant_id)s and v.device_id = %(device_id)s and v.id = %(version_id)s
