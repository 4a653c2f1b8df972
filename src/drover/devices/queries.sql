-- name: list_devices
-- A page of the device table with the last known values.
select d.id, d.name, d.address, d.api_port, d.model, d.serial, d.version, d.group_id, g.name as group_name,
       coalesce((select array_agg(t.name order by lower(t.name)) from drover.device_tags x
                 join drover.tags t on t.tenant_id = x.tenant_id and t.id = x.tag_id
                 where x.tenant_id = %(tenant_id)s and x.device_id = d.id), '{}') as tags,
       case when d.disabled then 'disabled' else coalesce(s.state, 'unknown') end as state,
       case when d.disabled then null else s.state_reason end as state_reason,
       s.state_since, s.last_poll_at, s.cpu_percent, s.memory_percent, s.disk_percent, s.temperature_c, s.uptime_s, s.clients,
       s.rx_bps, s.tx_bps, d.last_snapshot_at, count(*) over () as total
from drover.devices d
left join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
left join drover.groups g on g.tenant_id = %(tenant_id)s and g.id = d.group_id
where d.tenant_id = %(tenant_id)s and d.deleted_at is null
  and (%(q)s::text is null or strpos(lower(concat_ws(' ', d.name, d.address, d.identity, d.serial, d.model, d.version)), lower(%(q)s)) > 0)
  and (%(state)s::text is null or case when d.disabled then 'disabled' else coalesce(s.state, 'unknown') end = %(state)s)
  and (%(group_id)s::bigint is null or d.group_id = %(group_id)s)
  and (%(tag)s::text is null or exists (
        select from drover.device_tags x join drover.tags t on t.tenant_id = x.tenant_id and t.id = x.tag_id
        where x.tenant_id = %(tenant_id)s and x.device_id = d.id and lower(t.name) = lower(%(tag)s)))
order by
    case when %(order)s = 'asc' then
        case %(sort)s when 'name' then lower(d.name) when 'address' then lower(d.address) when 'model' then lower(d.model)
                      when 'version' then d.version when 'state' then case when d.disabled then 'disabled' else coalesce(s.state, 'unknown') end end
    end asc nulls last,
    case when %(order)s = 'desc' then
        case %(sort)s when 'name' then lower(d.name) when 'address' then lower(d.address) when 'model' then lower(d.model)
                      when 'version' then d.version when 'state' then case when d.disabled then 'disabled' else coalesce(s.state, 'unknown') end end
    end desc nulls last,
    case when %(order)s = 'asc' then
        case %(sort)s when 'cpu_percent' then s.cpu_percent::double precision when 'memory_percent' then s.memory_percent
                      when 'uptime_s' then s.uptime_s when 'clients' then s.clients when 'rx_bps' then s.rx_bps when 'tx_bps' then s.tx_bps
                      when 'last_snapshot_at' then extract(epoch from d.last_snapshot_at) end
    end asc nulls last,
    case when %(order)s = 'desc' then
        case %(sort)s when 'cpu_percent' then s.cpu_percent::double precision when 'memory_percent' then s.memory_percent
                      when 'uptime_s' then s.uptime_s when 'clients' then s.clients when 'rx_bps' then s.rx_bps when 'tx_bps' then s.tx_bps
                      when 'last_snapshot_at' then extract(epoch from d.last_snapshot_at) end
    end desc nulls last,
    lower(d.name), d.id
limit %(limit)s offset %(offset)s

-- name: count_devices
-- How many devices there are when the page asked for is past the end.
select count(*) as total from drover.devices d where d.tenant_id = %(tenant_id)s and d.deleted_at is null

-- name: find_device
-- One device with all that its page shows.
select d.id, d.name, d.address, d.api_port, d.model, d.serial, d.version, d.group_id, g.name as group_name,
       coalesce((select array_agg(t.name order by lower(t.name)) from drover.device_tags x
                 join drover.tags t on t.tenant_id = x.tenant_id and t.id = x.tag_id
                 where x.tenant_id = %(tenant_id)s and x.device_id = d.id), '{}') as tags,
       case when d.disabled then 'disabled' else coalesce(s.state, 'unknown') end as state,
       case when d.disabled then null else s.state_reason end as state_reason,
       s.state_since, s.last_poll_at, s.cpu_percent, s.memory_percent, s.disk_percent, s.temperature_c, s.uptime_s, s.clients,
       s.rx_bps, s.tx_bps, d.last_snapshot_at, d.ssh_port, d.username, d.spki_sha256, d.ssh_host_key_sha256, d.architecture, d.board_name,
       d.firmware, d.notes, d.poll_interval_s, d.snapshot_interval_s, d.snapshot_state, d.snapshot_error, d.capabilities,
       d.memory_total_bytes, d.disk_total_bytes, d.created_at, d.disabled
from drover.devices d
left join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
left join drover.groups g on g.tenant_id = %(tenant_id)s and g.id = d.group_id
where d.tenant_id = %(tenant_id)s and d.id = %(device_id)s and d.deleted_at is null

-- name: lock_device
-- Hold a device while it is changed.
select d.id, d.name, d.address, d.api_port, d.ssh_port, d.username from drover.devices d
where d.tenant_id = %(tenant_id)s and d.id = %(device_id)s and d.deleted_at is null
for update

-- name: update_device
-- Change what a person may change.
update drover.devices
set name = %(name)s, group_id = %(group_id)s, notes = %(notes)s, poll_interval_s = %(poll_interval_s)s,
    snapshot_interval_s = %(snapshot_interval_s)s::integer, disabled = %(disabled)s, changed_at = now(),
    next_snapshot_at = least(next_snapshot_at, now() + make_interval(secs => %(snapshot_interval_s)s::integer))
where tenant_id = %(tenant_id)s and id = %(device_id)s and deleted_at is null

-- name: retire_device
-- Take a device out and keep its history.
update drover.devices set deleted_at = now(), disabled = true, changed_at = now()
where tenant_id = %(tenant_id)s and id = %(device_id)s

-- name: delete_credentials
-- Destroy a device's credentials.
delete from drover.device_credentials where tenant_id = %(tenant_id)s and device_id = %(device_id)s

-- name: delete_interface_samples
-- Purge a device's interface samples.
delete from drover.interface_samples
where tenant_id = %(tenant_id)s
  and interface_id in (select i.id from drover.interfaces i where i.tenant_id = %(tenant_id)s and i.device_id = %(device_id)s)

-- name: delete_device_samples
-- Purge a device's own samples.
delete from drover.device_samples where tenant_id = %(tenant_id)s and device_id = %(device_id)s

-- name: delete_wireless_samples
-- Purge a device's wireless samples.
delete from drover.wireless_samples where tenant_id = %(tenant_id)s and device_id = %(device_id)s

-- name: delete_events
-- Purge a device's events.
delete from drover.events where tenant_id = %(tenant_id)s and device_id = %(device_id)s

-- name: delete_device
-- Purge a device; what hangs on it goes by the partition's own foreign keys and triggers.
delete from drover.devices where tenant_id = %(tenant_id)s and id = %(device_id)s

-- name: delete_orphan_blobs
-- Purge configuration bodies that no version uses any more.
delete from drover.config_blobs b
where b.tenant_id = %(tenant_id)s
  and not exists (select from drover.config_versions v where v.tenant_id = %(tenant_id)s and v.blob_id = b.id)

-- name: insert_event
-- Something happened to a device.
insert into drover.events (tenant_id, at, kind, severity, device_id, message)
values (%(tenant_id)s, now(), %(kind)s, %(severity)s, %(device_id)s, %(message)s)

-- name: list_groups
-- Groups with how many devices each has.
select g.id, g.name, (select count(*) from drover.devices d
                      where d.tenant_id = %(tenant_id)s and d.group_id = g.id and d.deleted_at is null)::integer as devices
from drover.groups g where g.tenant_id = %(tenant_id)s order by lower(g.name)

-- name: insert_group
-- A new group; nothing when the name is taken.
insert into drover.groups (tenant_id, name) values (%(tenant_id)s, %(name)s)
on conflict (tenant_id, lower(name)) do nothing returning id

-- name: find_group_by_name
-- A group by its name.
select id, name from drover.groups where tenant_id = %(tenant_id)s and lower(name) = lower(%(name)s)

-- name: find_group
-- A group by its id.
select id, name from drover.groups where tenant_id = %(tenant_id)s and id = %(group_id)s

-- name: rename_group
-- Give a group another name, unless another group has it.
update drover.groups g set name = %(name)s
where g.tenant_id = %(tenant_id)s and g.id = %(group_id)s
  and not exists (select from drover.groups o where o.tenant_id = %(tenant_id)s and o.id <> g.id and lower(o.name) = lower(%(name)s))

-- name: delete_group
-- Delete a group; its devices stay, without one.
delete from drover.groups where tenant_id = %(tenant_id)s and id = %(group_id)s

-- name: list_tags
-- Tags in use.
select t.name, count(*)::integer as devices
from drover.tags t
join drover.device_tags x on x.tenant_id = %(tenant_id)s and x.tag_id = t.id
join drover.devices d on d.tenant_id = %(tenant_id)s and d.id = x.device_id and d.deleted_at is null
where t.tenant_id = %(tenant_id)s group by t.name order by lower(t.name)

-- name: ensure_tags
-- Make the tags that are new.
insert into drover.tags (tenant_id, name) select %(tenant_id)s, n from unnest(%(names)s::text[]) n
on conflict (tenant_id, lower(name)) do nothing

-- name: clear_tags
-- Take all tags off a device.
delete from drover.device_tags where tenant_id = %(tenant_id)s and device_id = %(device_id)s

-- name: set_tags
-- Put tags on a device.
insert into drover.device_tags (tenant_id, device_id, tag_id)
select %(tenant_id)s, %(device_id)s, t.id from drover.tags t
where t.tenant_id = %(tenant_id)s and lower(t.name) = any (select lower(n) from unnest(%(names)s::text[]) n)
on conflict do nothing

-- name: insert_enrolment
-- A device on its way in.
insert into drover.enrolments (tenant_id, id, kind, device_id, import_id, line, address, api_port, ssh_port, username, name, group_id, group_name,
    tags, sealed, state, spki_sha256, ssh_host_key_sha256, error_code, error_message, created_by, expires_at)
values (%(tenant_id)s, %(id)s, %(kind)s, %(device_id)s, %(import_id)s, %(line)s, %(address)s, %(api_port)s, %(ssh_port)s, %(username)s, %(name)s,
    %(group_id)s, %(group_name)s, %(tags)s, %(sealed)s, %(state)s, %(spki_sha256)s, %(ssh_host_key_sha256)s, %(error_code)s, %(error_message)s,
    %(created_by)s, now() + make_interval(secs => %(life_s)s::integer))

-- name: find_enrolment
-- One enrolment as people see it.
select id::text, kind, case when state in ('connecting', 'awaiting_confirmation', 'verifying') and expires_at < now() then 'expired' else state end as state,
       address, api_port, ssh_port, username, name, spki_sha256, certificate_subject, ssh_host_key_sha256, ssh_error, identity, model, serial,
       version, device_id, error_code, error_message, expires_at
from drover.enrolments where tenant_id = %(tenant_id)s and id = %(id)s

-- name: confirm_enrolment
-- The fingerprints were read and accepted.
update drover.enrolments
set state = 'verifying', confirmed_spki_sha256 = spki_sha256, confirmed_ssh_host_key_sha256 = ssh_host_key_sha256
where tenant_id = %(tenant_id)s and id = %(id)s and state = 'awaiting_confirmation' and expires_at > now()

-- name: discard_enrolment
-- Give an enrolment up; its sealed password goes with it.
delete from drover.enrolments where tenant_id = %(tenant_id)s and id = %(id)s

-- name: lock_pending
-- The worker takes an enrolment.
select id, kind, state, device_id, address, api_port, ssh_port, username, sealed, spki_sha256, ssh_host_key_sha256, confirmed_spki_sha256,
       confirmed_ssh_host_key_sha256, import_id, line, name, group_id, group_name, tags, created_by
from drover.enrolments
where tenant_id = %(tenant_id)s and id = %(id)s and state = %(state)s and sealed is not null and expires_at > now()
for update

-- name: store_fingerprints
-- What the router showed before anything was sent to it.
update drover.enrolments
set state = %(state)s, spki_sha256 = %(spki_sha256)s, certificate_subject = %(certificate_subject)s, ssh_host_key_sha256 = %(ssh_host_key_sha256)s,
    ssh_error = %(ssh_error)s, confirmed_spki_sha256 = %(confirmed_spki_sha256)s, confirmed_ssh_host_key_sha256 = %(confirmed_ssh_host_key_sha256)s
where tenant_id = %(tenant_id)s and id = %(id)s and state = 'connecting'

-- name: fail_enrolment
-- It did not work: say why, drop the password, save nothing else.
update drover.enrolments
set state = 'failed', sealed = null, error_code = %(error_code)s, error_message = %(error_message)s
where tenant_id = %(tenant_id)s and id = %(id)s and state = %(state)s

-- name: finish_enrolment
-- It is in: the password lives with the device now.
update drover.enrolments
set state = 'done', sealed = null, device_id = %(device_id)s, identity = %(identity)s, model = %(model)s, serial = %(serial)s, version = %(version)s,
    ssh_error = coalesce(%(ssh_error)s, ssh_error)
where tenant_id = %(tenant_id)s and id = %(id)s

-- name: expire_enrolments
-- Drop the passwords of what nobody finished.
update drover.enrolments set state = 'expired', sealed = null
where tenant_id = %(tenant_id)s and expires_at < now() and state in ('ready', 'connecting', 'awaiting_confirmation', 'verifying')

-- name: forget_enrolments
-- Results are kept for a day.
delete from drover.enrolments where tenant_id = %(tenant_id)s and expires_at < now() - interval '1 day'

-- name: forget_imports
-- Imports are kept for a day.
delete from drover.imports where tenant_id = %(tenant_id)s and expires_at < now() - interval '1 day'

-- name: find_same_address
-- A device that has this address already.
select id, name from drover.devices
where tenant_id = %(tenant_id)s and lower(address) = lower(%(address)s) and api_port = %(api_port)s and deleted_at is null
  and id is distinct from %(device_id)s::bigint

-- name: find_same_serial
-- A device that is this very router already.
select id, name from drover.devices
where tenant_id = %(tenant_id)s and serial = %(serial)s and deleted_at is null and id is distinct from %(device_id)s::bigint

-- name: insert_device
-- A verified device.
insert into drover.devices (tenant_id, name, address, api_port, ssh_port, username, spki_sha256, ssh_host_key_sha256, group_id, identity, model,
    board_name, serial, version, architecture, firmware, memory_total_bytes, disk_total_bytes, capabilities)
values (%(tenant_id)s, %(name)s, %(address)s, %(api_port)s, %(ssh_port)s, %(username)s, %(spki_sha256)s, %(ssh_host_key_sha256)s, %(group_id)s,
    %(identity)s, %(model)s, %(board_name)s, %(serial)s, %(version)s, %(architecture)s, %(firmware)s, %(memory_total_bytes)s, %(disk_total_bytes)s,
    %(capabilities)s)
returning id, name

-- name: update_connection
-- A verified change of address, credentials or pins.
update drover.devices
set address = %(address)s, api_port = %(api_port)s, ssh_port = %(ssh_port)s, username = %(username)s, spki_sha256 = %(spki_sha256)s,
    ssh_host_key_sha256 = %(ssh_host_key_sha256)s, identity = %(identity)s, model = %(model)s, board_name = %(board_name)s, serial = %(serial)s,
    version = %(version)s, architecture = %(architecture)s, firmware = %(firmware)s, memory_total_bytes = %(memory_total_bytes)s,
    disk_total_bytes = %(disk_total_bytes)s, capabilities = %(capabilities)s, changed_at = now(), next_snapshot_at = now()
where tenant_id = %(tenant_id)s and id = %(device_id)s and deleted_at is null
returning id, name

-- name: insert_status
-- A device that was never polled.
insert into drover.device_status (tenant_id, device_id, state, state_reason) values (%(tenant_id)s, %(device_id)s, 'unknown', 'not polled yet')
on conflict do nothing

-- name: lock_credentials
-- The version of a device's credentials.
select version from drover.device_credentials where tenant_id = %(tenant_id)s and device_id = %(device_id)s for update

-- name: store_credentials
-- A device's sealed password.
insert into drover.device_credentials (tenant_id, device_id, version, sealed) values (%(tenant_id)s, %(device_id)s, %(version)s, %(sealed)s)
on conflict (tenant_id, device_id) do update set version = excluded.version, sealed = excluded.sealed, changed_at = now()

-- name: insert_import
-- A CSV that was read.
insert into drover.imports (tenant_id, id, created_by, expires_at) values (%(tenant_id)s, %(id)s, %(created_by)s, now() + make_interval(secs => %(life_s)s::integer))

-- name: find_import
-- An import that is not over.
select id::text, state, expires_at from drover.imports where tenant_id = %(tenant_id)s and id = %(id)s

-- name: lock_import
-- Hold an import while it is started.
select state from drover.imports where tenant_id = %(tenant_id)s and id = %(id)s and expires_at > now() for update

-- name: start_import
-- From preview to started.
update drover.imports set state = 'started' where tenant_id = %(tenant_id)s and id = %(id)s

-- name: list_import_rows
-- The lines of an import with what became of each.
select line, address, name, case when state in ('connecting', 'awaiting_confirmation', 'verifying') and expires_at < now() then 'expired' else state end as state,
       case when state = 'invalid' then null else id::text end as enrolment_id, spki_sha256, ssh_host_key_sha256, device_id, error_code, error_message
from drover.enrolments where tenant_id = %(tenant_id)s and import_id = %(id)s order by line

-- name: start_import_rows
-- Lines with both pins in the file are verified at once; the others are looked at first.
update drover.enrolments
set state = case when spki_sha256 is not null and ssh_host_key_sha256 is not null then 'verifying' else 'connecting' end,
    confirmed_spki_sha256 = spki_sha256, confirmed_ssh_host_key_sha256 = ssh_host_key_sha256
where tenant_id = %(tenant_id)s and import_id = %(id)s and state = 'ready'
returning id::text, state

-- name: confirm_import_rows
-- The fingerprints of these lines were read and accepted.
update drover.enrolments
set state = 'verifying', confirmed_spki_sha256 = spki_sha256, confirmed_ssh_host_key_sha256 = ssh_host_key_sha256
where tenant_id = %(tenant_id)s and import_id = %(id)s and id = any (%(ids)s::uuid[]) and state = 'awaiting_confirmation' and expires_at > now()
returning id::text

-- name: list_addresses
-- Which addresses are taken, for the preview of an import.
select lower(address) as address, api_port from drover.devices where tenant_id = %(tenant_id)s and deleted_at is null

-- name: get_networks
-- Where this tenant's devices may be reached.
select tenancy.management_networks()::text[] as networks
