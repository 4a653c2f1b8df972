-- Samples: a partition per tenant, then one per week. Integer keys; 141 bytes a row (docs/adr/0004).

set local role drover_tables;

create table drover.device_samples (
    tenant_id integer not null,
    device_id bigint not null,
    at timestamptz not null,
    cpu_percent real,
    memory_percent real,
    disk_percent real,
    temperature_c real,
    voltage_v real,
    uptime_s bigint,
    rtt_ms real,
    clients integer,
    rx_bps double precision,
    tx_bps double precision,
    primary key (tenant_id, device_id, at)
) partition by list (tenant_id);

-- Rates are averages since the sample before; errors and drops are counts since then. Null after a gap, a wrap or a reset.
create table drover.interface_samples (
    tenant_id integer not null,
    interface_id bigint not null,
    at timestamptz not null,
    rx_bps double precision,
    tx_bps double precision,
    rx_pps double precision,
    tx_pps double precision,
    rx_errors bigint,
    tx_errors bigint,
    rx_drops bigint,
    tx_drops bigint,
    running boolean,
    primary key (tenant_id, interface_id, at)
) partition by list (tenant_id);

create table drover.wireless_samples (
    tenant_id integer not null,
    device_id bigint not null,
    at timestamptz not null,
    interface text not null,
    mac_address text not null,
    ssid text,
    signal_dbm smallint,
    snr_db smallint,
    ccq_percent smallint,
    tx_rate_bps bigint,
    rx_rate_bps bigint,
    uptime_s bigint,
    host_name text,
    primary key (tenant_id, device_id, at, interface, mac_address)
) partition by list (tenant_id);

do $$
declare
    t text;
begin
    foreach t in array array['device_samples', 'interface_samples', 'wireless_samples'] loop
        execute format('alter table drover.%I enable row level security', t);
        execute format('alter table drover.%I force row level security', t);
        execute format('create policy isolation on drover.%I to drover_api, drover_poller, drover_ingest, drover_worker
            using (tenant_id = (select tenancy.current_tenant())) with check (tenant_id = (select tenancy.current_tenant()))', t);
    end loop;
end $$;

grant select, delete on drover.device_samples, drover.interface_samples, drover.wireless_samples to drover_api;
grant select, insert on drover.device_samples, drover.interface_samples, drover.wireless_samples to drover_ingest;
reset role;
