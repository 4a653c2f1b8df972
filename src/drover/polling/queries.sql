-- name: list_devices
-- The devices of the current tenant that are polled, with the version of their credentials.
select d.id, d.address, d.api_port, d.ssh_port, d.username, d.spki_sha256, d.ssh_host_key_sha256, d.poll_interval_s,
       c.version as credentials_version, s.last_poll_at
from drover.devices d
join drover.device_credentials c on c.tenant_id = %(tenant_id)s and c.device_id = d.id
left join drover.device_status s on s.tenant_id = %(tenant_id)s and s.device_id = d.id
where d.tenant_id = %(tenant_id)s and d.deleted_at is null and not d.disabled

-- name: list_sealed
-- The sealed passwords of some devices.
select device_id, version, sealed from drover.device_credentials
where tenant_id = %(tenant_id)s and device_id = any(%(device_ids)s)

-- name: get_networks
-- Where the current tenant's devices may be reached.
select tenancy.management_networks()::text[] as networks
