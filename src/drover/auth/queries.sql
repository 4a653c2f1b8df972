-- name: count_failures
-- Failed sign-ins of the last 15 minutes: of this address with this email, of this email, of this address.
select count(*) filter (where email = %(email)s and source_address = %(address)s::inet) as pair,
       count(*) filter (where email = %(email)s) as account,
       count(*) filter (where source_address = %(address)s::inet) as address
from auth.sign_in_attempts
where not succeeded and at > now() - interval '15 minutes'
  and (email = %(email)s or source_address = %(address)s::inet)

-- name: insert_attempt
-- Remember a sign-in for throttling.
insert into auth.sign_in_attempts (email, source_address, succeeded) values (%(email)s, %(address)s::inet, %(succeeded)s)

-- name: forget_old_attempts
-- Throttling looks back 15 minutes; a day is kept for the curious.
delete from auth.sign_in_attempts where at < now() - interval '1 day'

-- name: forget_failures
-- A correct password clears this address's failures with this email.
delete from auth.sign_in_attempts where email = %(email)s and source_address = %(address)s::inet and not succeeded

-- name: find_user_by_email
-- A person's login by email.
select id, email, name, password_hash, disabled_at from auth.users where email = %(email)s

-- name: insert_session
-- Start a session; only the token's hash is kept.
insert into auth.sessions (token_hash, user_id, source_address, user_agent, expires_at)
values (%(token_hash)s, %(user_id)s, %(address)s::inet, %(user_agent)s, now() + interval '12 hours')

-- name: touch_sign_in
-- When a person last signed in.
update auth.users set last_sign_in_at = now() where id = %(user_id)s

-- name: update_password_hash
-- Store a password's hash.
update auth.users set password_hash = %(password_hash)s where id = %(user_id)s

-- name: revoke_session
-- End a session by its token's hash.
update auth.sessions set revoked_at = now() where token_hash = %(token_hash)s and revoked_at is null

-- name: find_link
-- A one-time link that still opens, with whom it is for.
select l.id, l.purpose, l.user_id, l.expires_at, u.email, u.name
from auth.links l left join auth.users u on u.id = l.user_id
where l.token_hash = %(token_hash)s and l.used_at is null and l.expires_at > now()
for update of l

-- name: use_link
-- Close a one-time link.
update auth.links set used_at = now() where id = %(link_id)s and used_at is null

-- name: insert_super_admin
-- The first super_admin.
insert into auth.users (email, name, password_hash, is_super_admin)
values (%(email)s, %(name)s, %(password_hash)s, true)
on conflict (email) do nothing
returning id

-- name: accept_invitation
-- An invited person chooses their name and password.
update auth.users set name = %(name)s, password_hash = %(password_hash)s where id = %(user_id)s and password_hash is null
