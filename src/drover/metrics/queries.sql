-- name: lock_devices
-- Devices of a batch with their state, locked against other writers of states, in one order.
select d.id, d.name, d.identity, d.model, d.board_name, d.serial, d.version, d.architecture, d.firmware, d.memory_total_bytes,
       d.disk_total_bytes, d.capabilities, s.state, s.state_since, s.failed_polls, s.last_poll_at, s.last_success_at, s.uptime_s
from drover.devices d
join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
where d.tenant_id = %(tenant_id)s and d.id = any(%(device_ids)s) and d.deleted_at is null and not d.disabled
order by d.id
for no key update of s

-- name: add_statuses
-- State rows of devices that have none yet.
insert into drover.device_status (tenant_id, device_id)
select d.tenant_id, d.id from drover.devices d
where d.tenant_id = %(tenant_id)s and d.id = any(%(device_ids)s) and d.deleted_at is null
on conflict do nothing

-- name: insert_device_samples
-- Samples of devices; one that is there already (a message delivered twice) stays as it is.
insert into drover.device_samples (tenant_id, device_id, at, cpu_percent, memory_percent, disk_percent, temperature_c, voltage_v,
                                   uptime_s, rtt_ms, clients, rx_bps, tx_bps)
select %(tenant_id)s, u.* from unnest(%(device_id)s::bigint[], %(at)s::timestamptz[], %(cpu_percent)s::real[], %(memory_percent)s::real[],
    %(disk_percent)s::real[], %(temperature_c)s::real[], %(voltage_v)s::real[], %(uptime_s)s::bigint[], %(rtt_ms)s::real[],
    %(clients)s::integer[], %(rx_bps)s::float8[], %(tx_bps)s::float8[]) u
on conflict do nothing

-- name: insert_interface_samples
-- Samples of interfaces.
insert into drover.interface_samples (tenant_id, interface_id, at, rx_bps, tx_bps, rx_pps, tx_pps, rx_errors, tx_errors, rx_drops, tx_drops, running)
select %(tenant_id)s, u.* from unnest(%(interface_id)s::bigint[], %(at)s::timestamptz[], %(rx_bps)s::float8[], %(tx_bps)s::float8[],
    %(rx_pps)s::float8[], %(tx_pps)s::float8[], %(rx_errors)s::bigint[], %(tx_errors)s::bigint[], %(rx_drops)s::bigint[],
    %(tx_drops)s::bigint[], %(running)s::boolean[]) u
on conflict do nothing

-- name: insert_wireless_samples
-- Samples of wireless clients.
insert into drover.wireless_samples (tenant_id, device_id, at, interface, mac_address, ssid, signal_dbm, snr_db, ccq_percent, tx_rate_bps,
                                     rx_rate_bps, uptime_s, host_name)
select %(tenant_id)s, u.* from unnest(%(device_id)s::bigint[], %(at)s::timestamptz[], %(interface)s::text[], %(mac_address)s::text[],
    %(ssid)s::text[], %(signal_dbm)s::smallint[], %(snr_db)s::smallint[], %(ccq_percent)s::smallint[], %(tx_rate_bps)s::bigint[],
    %(rx_rate_bps)s::bigint[], %(uptime_s)s::bigint[], %(host_name)s::text[]) u
on conflict do nothing

-- name: list_known_interfaces
-- The interfaces of a batch's devices, as they were.
select id, device_id, name, type, mac_address, comment, running, disabled, rate_bps, link_downs, last_seen_at
from drover.interfaces
where tenant_id = %(tenant_id)s and device_id = any(%(device_ids)s)

-- name: save_interfaces
-- Interfaces that are new or changed.
insert into drover.interfaces (tenant_id, device_id, name, type, mac_address, comment, running, disabled, rate_bps, link_downs, last_seen_at)
select %(tenant_id)s, u.* from unnest(%(device_id)s::bigint[], %(name)s::text[], %(type)s::text[], %(mac_address)s::text[], %(comment)s::text[],
    %(running)s::boolean[], %(disabled)s::boolean[], %(rate_bps)s::bigint[], %(link_downs)s::bigint[], %(last_seen_at)s::timestamptz[]) u
on conflict (tenant_id, device_id, name) do update set type = excluded.type, mac_address = excluded.mac_address, comment = excluded.comment,
    running = excluded.running, disabled = excluded.disabled, rate_bps = excluded.rate_bps, link_downs = excluded.link_downs,
    last_seen_at = excluded.last_seen_at
returning id, device_id, name

-- name: save_facts
-- What a device is, where it changed. A serial number that another device has already is left out: it would not be true twice.
update drover.devices d set identity = %(identity)s, model = %(model)s, board_name = %(board_name)s, version = %(version)s,
    architecture = %(architecture)s, firmware = %(firmware)s, memory_total_bytes = %(memory_total_bytes)s, disk_total_bytes = %(disk_total_bytes)s,
    capabilities = %(capabilities)s::jsonb,
    serial = case when %(serial)s::text is not distinct from d.serial or exists (
            select from drover.devices o
            where o.tenant_id = %(tenant_id)s and o.serial = %(serial)s and o.id <> d.id and o.deleted_at is null)
        then d.serial else %(serial)s end
where d.tenant_id = %(tenant_id)s and d.id = %(device_id)s

-- name: save_statuses_of_answers
-- State and values of devices that answered.
update drover.device_status s set state = u.state, state_reason = null, state_since = u.state_since, failed_polls = 0, last_poll_at = u.at,
    last_success_at = u.at, cpu_percent = u.cpu_percent, memory_percent = u.memory_percent, disk_percent = u.disk_percent,
    temperature_c = u.temperature_c, uptime_s = u.uptime_s, rtt_ms = u.rtt_ms, clients = u.clients, rx_bps = u.rx_bps, tx_bps = u.tx_bps,
    wireless_at = coalesce(u.wireless_at, s.wireless_at)
from unnest(%(device_id)s::bigint[], %(state)s::text[], %(state_since)s::timestamptz[], %(at)s::timestamptz[], %(cpu_percent)s::real[],
    %(memory_percent)s::real[], %(disk_percent)s::real[], %(temperature_c)s::real[], %(uptime_s)s::bigint[], %(rtt_ms)s::real[],
    %(clients)s::integer[], %(rx_bps)s::float8[], %(tx_bps)s::float8[], %(wireless_at)s::timestamptz[])
    u (device_id, state, state_since, at, cpu_percent, memory_percent, disk_percent, temperature_c, uptime_s, rtt_ms, clients, rx_bps, tx_bps, wireless_at)
where s.tenant_id = %(tenant_id)s and s.device_id = u.device_id

-- name: save_statuses_of_failures
-- State of devices that did not answer; their last values stay, with the time they are from.
update drover.device_status s set state = u.state, state_reason = u.state_reason, state_since = u.state_since, failed_polls = u.failed_polls,
    last_poll_at = u.at
from unnest(%(device_id)s::bigint[], %(state)s::text[], %(state_reason)s::text[], %(state_since)s::timestamptz[], %(failed_polls)s::integer[],
    %(at)s::timestamptz[]) u (device_id, state, state_reason, state_since, failed_polls, at)
where s.tenant_id = %(tenant_id)s and s.device_id = u.device_id

-- name: insert_transitions
-- Changes of state.
insert into drover.device_transitions (tenant_id, device_id, at, from_state, to_state, reason)
select %(tenant_id)s, u.* from unnest(%(device_id)s::bigint[], %(at)s::timestamptz[], %(from_state)s::text[], %(to_state)s::text[], %(reason)s::text[]) u
on conflict do nothing

-- name: insert_events
-- What happened, for people to read.
insert into drover.events (tenant_id, at, kind, severity, device_id, message)
select %(tenant_id)s, u.* from unnest(%(at)s::timestamptz[], %(kind)s::text[], %(severity)s::text[], %(device_id)s::bigint[], %(message)s::text[]) u
returning id

-- name: mark_stale
-- Devices that were online and of which nothing has been heard for two intervals: we no longer know.
with late as (
    select d.id, s.last_poll_at
    from drover.devices d
    join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
    where d.tenant_id = %(tenant_id)s and d.deleted_at is null and not d.disabled and s.state = 'online'
      and s.last_poll_at < %(now)s::timestamptz - make_interval(secs => 2 * d.poll_interval_s + %(grace_s)s)
    order by d.id
    for no key update of s
)
update drover.device_status s set state = 'stale', state_since = %(now)s::timestamptz,
    state_reason = 'no data since ' || to_char(late.last_poll_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') || ' UTC'
from late
where s.tenant_id = %(tenant_id)s and s.device_id = late.id
returning s.device_id, s.state_reason

-- name: count_states
-- How many devices are in which state; disabled ones count as that only.
select count(*)::integer as total,
       count(*) filter (where not d.disabled and s.state = 'online')::integer as online,
       count(*) filter (where not d.disabled and s.state = 'offline')::integer as offline,
       count(*) filter (where not d.disabled and s.state = 'stale')::integer as stale,
       count(*) filter (where not d.disabled and coalesce(s.state, 'unknown') = 'unknown')::integer as unknown,
       count(*) filter (where not d.disabled and s.state in ('needs_credentials', 'certificate_changed'))::integer as needs_attention,
       count(*) filter (where d.disabled)::integer as disabled
from drover.devices d
left join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
where d.tenant_id = %(tenant_id)s and d.deleted_at is null

-- name: find_last_event
-- When the last event was.
select at from drover.events where tenant_id = %(tenant_id)s order by id desc limit 1

-- name: set_counters
-- The counters that a super_admin sees without entering.
select tenancy.set_counters(%(total)s, %(online)s, %(offline)s, %(stale)s, %(unknown)s, %(disabled)s, %(last_event_at)s)

-- name: list_tenant_counters
-- All tenants with their counters: for super_admins.
select id as tenant_id, slug, name, colour, state, devices, online, offline, stale, unknown, disabled, last_event_at
from tenancy.list_tenants()

-- name: sum_now
-- What the devices that are online carry now.
select sum(s.rx_bps) as rx_bps, sum(s.tx_bps) as tx_bps, sum(s.clients)::integer as wireless_clients
from drover.devices d
join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
where d.tenant_id = %(tenant_id)s and d.deleted_at is null and not d.disabled and s.state = 'online'

-- name: count_weak
-- Wireless clients below a signal, as each device that is online last saw them; null when no device has a radio.
select case when count(*) = 0 then null else sum(w.weak)::integer end as weak
from drover.devices d
join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
cross join lateral (
    select count(*) as weak from drover.wireless_samples c
    where c.tenant_id = %(tenant_id)s and c.device_id = d.id and c.at = s.wireless_at and c.signal_dbm < %(below_dbm)s
) w
where d.tenant_id = %(tenant_id)s and d.deleted_at is null and not d.disabled and s.state = 'online' and s.wireless_at is not null

-- name: list_busiest
-- The devices that carry most, both directions together.
select d.id as device_id, d.name, s.rx_bps + s.tx_bps as value
from drover.devices d
join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
where d.tenant_id = %(tenant_id)s and d.deleted_at is null and not d.disabled and s.state = 'online' and s.rx_bps is not null and s.tx_bps is not null
order by value desc, d.id
limit %(limit)s

-- name: list_attention
-- What needs somebody, worst first.
select * from (
    select d.id as device_id, d.name as device_name,
           case when s.state in ('offline', 'certificate_changed', 'needs_credentials') or s.disk_percent >= 95 then 'critical' else 'warning' end as severity,
           case s.state when 'certificate_changed' then 0 when 'offline' then 1 when 'needs_credentials' then 2 when 'stale' then 4
               else case when s.disk_percent >= 95 then 3 else 5 end end as rank,
           case when s.state in ('offline', 'certificate_changed', 'needs_credentials', 'stale')
                    then initcap(left(replace(s.state, '_', ' '), 1)) || substr(replace(s.state, '_', ' '), 2) || coalesce(': ' || s.state_reason, '')
                when s.disk_percent >= 95 then 'Disk is ' || round(s.disk_percent::numeric) || ' %% full'
                when s.temperature_c >= 80 then 'Temperature is ' || round(s.temperature_c::numeric) || ' °C'
                when s.memory_percent >= 95 then 'Memory is ' || round(s.memory_percent::numeric) || ' %% full'
                when s.cpu_percent >= 95 then 'CPU is at ' || round(s.cpu_percent::numeric) || ' %%'
                else 'The last backup failed' || coalesce(': ' || d.snapshot_error, '') end as reason,
           case when s.state <> 'online' then s.state_since end as since
    from drover.devices d
    join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
    where d.tenant_id = %(tenant_id)s and d.deleted_at is null and not d.disabled
      and (s.state in ('offline', 'certificate_changed', 'needs_credentials', 'stale') or d.snapshot_state = 'failed'
           or (s.state = 'online' and (s.disk_percent >= 95 or s.temperature_c >= 80 or s.memory_percent >= 95 or s.cpu_percent >= 95)))
) a
order by rank, since desc nulls last, device_name
limit %(limit)s

-- name: get_snapshot_summary
-- When the last backup was, and how many devices' last one failed.
select max(last_snapshot_at) as last_snapshot_at, count(*) filter (where snapshot_state = 'failed')::integer as snapshots_failed
from drover.devices
where tenant_id = %(tenant_id)s and deleted_at is null and not disabled

-- name: list_events
-- Events of the tenant, or of one device, newest first.
select e.id, e.at, e.kind, e.severity, e.device_id, d.name as device_name, e.message
from drover.events e
left join drover.devices d on d.tenant_id = %(tenant_id)s and d.id = e.device_id
where e.tenant_id = %(tenant_id)s and (%(before)s::bigint is null or e.id < %(before)s)
order by e.id desc
limit %(limit)s

-- name: list_device_events
-- Events of one device, newest first.
select e.id, e.at, e.kind, e.severity, e.device_id, d.name as device_name, e.message
from drover.events e
left join drover.devices d on d.tenant_id = %(tenant_id)s and d.id = e.device_id
where e.tenant_id = %(tenant_id)s and e.device_id = %(device_id)s and (%(before)s::bigint is null or e.id < %(before)s)
order by e.id desc
limit %(limit)s

-- name: find_device
-- A device that is there, with what its charts depend on.
select d.id, d.poll_interval_s, s.wireless_at, s.last_success_at, s.state
from drover.devices d
left join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
where d.tenant_id = %(tenant_id)s and d.id = %(device_id)s and d.deleted_at is null

-- name: find_interface
-- An interface of a device.
select id from drover.interfaces where tenant_id = %(tenant_id)s and device_id = %(device_id)s and id = %(interface_id)s

-- name: get_longest_interval
-- The longest interval among the tenant's devices.
select max(poll_interval_s) as interval_s from drover.devices where tenant_id = %(tenant_id)s and deleted_at is null and not disabled

-- name: sample_device
-- A device's values in steps.
select extract(epoch from date_bin(%(step)s, at, 'epoch'))::bigint as step_at,
       avg(cpu_percent) as cpu_percent, max(cpu_percent) as cpu_percent_max,
       avg(memory_percent) as memory_percent, max(memory_percent) as memory_percent_max,
       avg(disk_percent) as disk_percent, max(disk_percent) as disk_percent_max,
       avg(temperature_c) as temperature_c, max(temperature_c) as temperature_c_max,
       avg(voltage_v) as voltage_v, min(voltage_v) as voltage_v_min,
       avg(rtt_ms) as rtt_ms, max(rtt_ms) as rtt_ms_max,
       avg(clients)::float8 as clients, max(clients)::float8 as clients_max,
       avg(rx_bps) as rx_bps, max(rx_bps) as rx_bps_max, avg(tx_bps) as tx_bps, max(tx_bps) as tx_bps_max
from drover.device_samples
where tenant_id = %(tenant_id)s and device_id = %(device_id)s and at >= %(since)s and at < %(until)s
group by step_at

-- name: sample_tenant
-- The tenant's traffic in steps: averages of each device, then their sum; maxima are sums of each device's maximum.
select step_at, sum(rx_bps) as rx_bps, sum(rx_bps_max) as rx_bps_max, sum(tx_bps) as tx_bps, sum(tx_bps_max) as tx_bps_max
from (
    select extract(epoch from date_bin(%(step)s, at, 'epoch'))::bigint as step_at,
           avg(rx_bps) as rx_bps, max(rx_bps) as rx_bps_max, avg(tx_bps) as tx_bps, max(tx_bps) as tx_bps_max
    from drover.device_samples
    where tenant_id = %(tenant_id)s and at >= %(since)s and at < %(until)s
    group by device_id, step_at
) each_device
group by step_at

-- name: sample_interface
-- An interface's traffic in steps; errors and drops are counts within the step.
select extract(epoch from date_bin(%(step)s, at, 'epoch'))::bigint as step_at,
       avg(rx_bps) as rx_bps, max(rx_bps) as rx_bps_max, avg(tx_bps) as tx_bps, max(tx_bps) as tx_bps_max,
       avg(rx_pps) as rx_pps, max(rx_pps) as rx_pps_max, avg(tx_pps) as tx_pps, max(tx_pps) as tx_pps_max,
       sum(rx_errors)::float8 as rx_errors, sum(tx_errors)::float8 as tx_errors,
       sum(rx_drops)::float8 as rx_drops, sum(tx_drops)::float8 as tx_drops
from drover.interface_samples
where tenant_id = %(tenant_id)s and interface_id = %(interface_id)s and at >= %(since)s and at < %(until)s
group by step_at

-- name: sample_wireless
-- A device's wireless clients in steps: how many at a time, and their signal.
select c.step_at, c.clients, c.clients_max, w.signal_dbm, w.signal_dbm_min
from (
    select extract(epoch from date_bin(%(step)s, at, 'epoch'))::bigint as step_at,
           avg(clients)::float8 as clients, max(clients)::float8 as clients_max
    from drover.device_samples
    where tenant_id = %(tenant_id)s and device_id = %(device_id)s and at >= %(since)s and at < %(until)s
    group by step_at
) c
left join (
    select extract(epoch from date_bin(%(step)s, at, 'epoch'))::bigint as step_at,
           avg(signal_dbm)::float8 as signal_dbm, min(signal_dbm)::float8 as signal_dbm_min
    from drover.wireless_samples
    where tenant_id = %(tenant_id)s and device_id = %(device_id)s and at >= %(since)s and at < %(until)s
    group by step_at
) w on w.step_at = c.step_at

-- name: list_interfaces
-- A device's interfaces with their last sample; without a recent one nobody knows whether the link is up. Errors are of the last 24 hours.
select i.id, i.name, i.type, i.mac_address, i.comment, case when n.at is not null then i.running end as running, i.disabled, i.rate_bps, n.rx_bps, n.tx_bps, e.rx_errors, e.tx_errors,
       i.link_downs, greatest(i.last_seen_at, n.at) as last_seen_at
from drover.interfaces i
left join lateral (
    select x.at, x.rx_bps, x.tx_bps from drover.interface_samples x
    where x.tenant_id = %(tenant_id)s and x.interface_id = i.id and x.at >= %(recent)s order by x.at desc limit 1
) n on true
left join lateral (
    select sum(x.rx_errors)::bigint as rx_errors, sum(x.tx_errors)::bigint as tx_errors from drover.interface_samples x
    where x.tenant_id = %(tenant_id)s and x.interface_id = i.id and x.at >= %(day)s
) e on true
where i.tenant_id = %(tenant_id)s and i.device_id = %(device_id)s
order by i.id

-- name: list_wireless_clients
-- The clients that a device saw when it was last asked, weakest last.
select interface, mac_address, host_name, ssid, signal_dbm, snr_db, ccq_percent, tx_rate_bps, rx_rate_bps, uptime_s, at as last_seen_at
from drover.wireless_samples
where tenant_id = %(tenant_id)s and device_id = %(device_id)s and at = %(at)s
order by interface, signal_dbm desc nulls last, mac_address
