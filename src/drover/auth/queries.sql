-- name: count_failures
-- Failed sign-ins of the last 15 minutes, the one under way included: of this address for this email, of the email, of the address;
-- and whether this address is one from which this person signed in before.
select count(*) filter (where not succeeded and at > now() - interval '15 minutes' and email = %(email)s and source_address = %(address)s::inet) as pair,
       count(*) filter (where not succeeded and at > now() - interval '15 minutes' and email = %(email)s) as account,
       count(*) filter (where not succeeded and at > now() - interval '15 minutes' and source_address = %(address)s::inet) as address,
       coalesce(bool_or(succeeded and email = %(email)s and source_address = %(address)s::inet), false) as known
from auth.sign_in_attempts
where email = %(email)s or source_address = %(address)s::inet

-- name: insert_attempt
-- A sign-in begins: it counts as failed until the password was right.
insert into auth.sign_in_attempts (email, source_address, succeeded) values (%(email)s, %(address)s::inet, false) returning id

-- name: drop_attempt
-- A sign-in that was not even tried does not prolong the wait.
delete from auth.sign_in_attempts where id = %(attempt_id)s

-- name: forget_old_attempts
-- Failures are kept for a day, addresses that a person signed in from for 30.
delete from auth.sign_in_attempts where at < now() - case when succeeded then interval '30 days' else interval '1 day' end

-- name: settle_attempt
-- The password was right: the address is known from now on, and its failures with this email are forgiven.
with settled as (update auth.sign_in_attempts set succeeded = true where id = %(attempt_id)s)
delete from auth.sign_in_attempts
where email = %(email)s and source_address = %(address)s::inet and not succeeded and id <> %(attempt_id)s

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
-- A one-time link to set up the first login that still opens.
select id, expires_at from auth.links
where token_hash = %(token_hash)s and used_at is null and expires_at > now()
for update

-- name: use_link
-- Close a one-time link.
update auth.links set used_at = now() where id = %(link_id)s and used_at is null

-- name: insert_super_admin
-- The first super_admin.
insert into auth.users (email, name, password_hash, is_super_admin)
values (%(email)s, %(name)s, %(password_hash)s, true)
on conflict (email) do nothing
returning id

-- name: find_invitation
-- What an open invitation is for, and whether the person has a login already.
select user_id, email, name, expires_at, password_hash, disabled from tenancy.find_invitation(%(token_hash)s)

-- name: set_first_password
-- A person without a login chooses their name and password.
update auth.users set name = %(name)s, password_hash = %(password_hash)s where id = %(user_id)s and password_hash is null

-- name: accept_invitation
-- The invitation becomes the membership.
select tenancy.accept_invitation(%(token_hash)s) as user_id
