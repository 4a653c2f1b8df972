-- name: list_entries
-- Entries of the current tenant, newest first, filtered.
select seq, at, actor_kind, actor_id, actor_name, role, via, host(source_address) as source_address, action, target_kind, target_id,
       target_name, outcome, details, request_id, encode(hash, 'hex') as hash
from audit.entries
where tenant_id = %(tenant_id)s
  and (%(before)s::bigint is null or seq < %(before)s)
  and (%(action)s::text is null or action = %(action)s)
  and (%(actor)s::text is null or strpos(lower(actor_name), lower(%(actor)s)) > 0)
  and (%(target_kind)s::text is null or target_kind = %(target_kind)s)
  and (%(target_id)s::text is null or target_id = %(target_id)s)
  and (%(outcome)s::text is null or outcome = %(outcome)s)
  and (%(q)s::text is null or strpos(lower(concat_ws(' ', actor_name, action, target_name, target_id, details::text)), lower(%(q)s)) > 0)
order by seq desc
limit %(limit)s

-- name: list_chain
-- A stretch of the current tenant's chain, oldest first, column by column: what was hashed is put together again by the verifier.
select tenant_id, seq, at, actor_kind, actor_id, actor_name, role, via, host(source_address) as source_address, action, target_kind, target_id,
       target_name, outcome, details::text as details, request_id, previous_hash, hash
from audit.entries
where tenant_id = %(tenant_id)s and seq > %(after)s and seq <= %(until)s
order by seq
limit %(limit)s

-- name: get_head
-- The head of the current tenant's chain.
select seq, hash from audit.current_head()

-- name: list_heads
-- The heads of all chains, for checkpoints.
select tenant_id, seq, hash from audit.list_heads()
