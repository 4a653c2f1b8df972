"""Rules of people: sign in (throttled, audited), sessions, one-time links, roles in a tenant."""

from __future__ import annotations

from typing import Any

from drover.auth import repository
from drover.auth.errors import EmailTakenError, LinkOverError, ThrottledError, WrongPasswordError
from drover.auth.passwords import hash_password, needs_rehash, verify_password
from drover.platform.access import PLATFORM_PERMISSIONS, permissions_of
from drover.platform.db import Database, Origin, Row, Transaction
from drover.platform.errors import InvalidInputError, NotFoundError
from drover.platform.guards import csrf_token
from drover.platform.links import Link, new_link, new_token, token_hash

# Failures in 15 minutes after which sign-in waits: of one address for one account, of an account, of an address.
_LIMITS = {"pair": 5, "account": 20, "address": 50}
_RETRY_AFTER_S = 900


async def sign_in(auth: Database, *, email: str, password: str, user_agent: str, origin: Origin) -> str:
    """Check a password and start a session; the session's secret. Every outcome is in the platform's trail.

    The attempt is counted before the password is looked at, so that guesses sent at once don't slip past the limit. Raises
    WrongPasswordError (the same for an unknown person) and ThrottledError.
    """
    email = email.strip().lower()
    address = origin.source_address
    async with auth.connection() as connection:
        attempt = await repository.get(connection, "insert_attempt", email=email, address=address)
    attempt_id = attempt["id"]
    async with auth.connection() as connection:
        counts = await repository.get(connection, "count_failures", email=email, address=address)
        user = await repository.find(connection, "find_user_by_email", email=email)
        # What was typed is recorded only when it is somebody's email: people type passwords into the wrong field.
        who = f"{user['name']} <{email}>" if user else "an unknown person"
        # Somebody else's guesses don't lock a person out of the places that they sign in from.
        limits = [kind for kind in _LIMITS if kind == "pair" or not counts["known"]]
        throttled = any(counts[kind] > _LIMITS[kind] for kind in limits)
        if throttled:
            await repository.run(connection, "drop_attempt", attempt_id=attempt_id)
            await repository.record_anonymous(
                connection, "session.refused", who, "refused", {"why": "throttled"}, origin
            )
    if throttled:
        raise ThrottledError(
            "too many failed sign-ins: wait 15 minutes, or ask an admin",
            fields={"retry_after_s": str(_RETRY_AFTER_S)},
        )
    right = await verify_password(user["password_hash"] if user else None, password)
    async with auth.connection() as connection:
        if user is None or not right or user["disabled_at"] is not None:
            await repository.run(connection, "forget_old_attempts")
            await repository.record_anonymous(
                connection, "session.refused", who, "refused", {"why": "wrong password"}, origin
            )
            secret = None
        else:
            await repository.run(
                connection, "settle_attempt", attempt_id=attempt_id, email=email, address=address
            )
            if needs_rehash(user["password_hash"]):
                stored = await hash_password(password, email="")
                await repository.run(
                    connection, "update_password_hash", user_id=user["id"], password_hash=stored
                )
            secret = await _start_session(connection, user["id"], "session.started", user_agent, origin)
    if secret is None:
        raise WrongPasswordError("the email or the password is wrong")
    return secret


async def _start_session(
    connection: repository.Connection, user_id: int, action: str, user_agent: str, origin: Origin
) -> str:
    secret = new_token()
    await repository.run(
        connection,
        "insert_session",
        token_hash=token_hash(secret),
        user_id=user_id,
        address=origin.source_address,
        user_agent=user_agent[:400],
    )
    await repository.run(connection, "touch_sign_in", user_id=user_id)
    await repository.record_as_session(connection, secret, action, {}, origin)
    return secret


async def sign_out(auth: Database, secret: str, origin: Origin) -> None:
    """End a session at once."""
    async with auth.connection() as connection:
        await repository.record_as_session(connection, secret, "session.ended", {}, origin)
        await repository.run(connection, "revoke_session", token_hash=token_hash(secret))


async def describe_session(database: Database, secret: str) -> dict[str, Any]:
    """What the web app needs to know of a session, in the shape of SessionInfo."""
    async with database.connection() as connection:
        session = await repository.describe_session(connection, secret)
    return session_info(session["user"], session["tenants"], session["expires_at"], secret)


def session_info(
    user: dict[str, Any], tenants: list[dict[str, Any]], expires_at: str, secret: str
) -> dict[str, Any]:
    """Add to a described session what the roles allow and the CSRF token."""
    return {
        "user": user,
        "csrf_token": csrf_token(secret),
        "tenants": [{**tenant, "permissions": permissions_of(tenant["role"])} for tenant in tenants],
        "platform_permissions": sorted(PLATFORM_PERMISSIONS) if user["is_super_admin"] else [],
        "expires_at": expires_at,
    }


async def get_link(auth: Database, token: str) -> Row:
    """What a one-time link is for, in the shape of LinkInfo; LinkOverError when it is unknown, used or over."""
    hashed = token_hash(token)
    async with auth.connection() as connection:
        setup = await repository.find(connection, "find_link", token_hash=hashed)
        invitation = (
            None if setup else await repository.find(connection, "find_invitation", token_hash=hashed)
        )
    if setup is not None:
        return {
            "purpose": "setup",
            "email": None,
            "name": None,
            "has_login": False,
            "expires_at": setup["expires_at"],
        }
    if invitation is None or invitation["disabled"]:
        raise LinkOverError("this link was used, is over, or never was: ask for a new one")
    return {
        "purpose": "invitation",
        "email": invitation["email"],
        "name": invitation["name"],
        "has_login": invitation["password_hash"] is not None,
        "expires_at": invitation["expires_at"],
    }


async def use_link(
    auth: Database,
    token: str,
    *,
    email: str | None,
    name: str,
    password: str,
    user_agent: str,
    origin: Origin,
) -> str:
    """Use a one-time link; the new session's secret.

    A setup link makes the first super_admin. An invitation lets a new person choose a password; a person who has a login
    proves it with their own, throttled like any sign-in: holding the link alone opens nothing of theirs.
    """
    link = await get_link(auth, token)
    if link["purpose"] == "setup":
        return await _set_up(auth, token, (email or "").strip().lower(), name, password, user_agent, origin)
    if link["has_login"]:
        secret = await sign_in(
            auth, email=link["email"], password=password, user_agent=user_agent, origin=origin
        )
        async with auth.connection() as connection:
            await repository.run(connection, "accept_invitation", token_hash=token_hash(token))
        return secret
    stored = await hash_password(password, email=link["email"])
    async with auth.connection() as connection:
        invitation = await repository.find(connection, "find_invitation", token_hash=token_hash(token))
        if invitation is None or not await repository.run(
            connection, "set_first_password", user_id=invitation["user_id"], name=name, password_hash=stored
        ):
            raise LinkOverError("this link was used just now: open it again, or ask for a new one")
        await repository.run(connection, "accept_invitation", token_hash=token_hash(token))
        return await _start_session(connection, invitation["user_id"], "link.used", user_agent, origin)


async def _set_up(
    auth: Database, token: str, email: str, name: str, password: str, user_agent: str, origin: Origin
) -> str:
    if not email:
        raise InvalidInputError("an email is needed for the first login", fields={"email": "needed"})
    stored = await hash_password(password, email=email)
    async with auth.connection() as connection:
        link = await repository.find(connection, "find_link", token_hash=token_hash(token))
        if link is None:
            raise LinkOverError("this link was used just now: ask for a new one")
        await repository.run(connection, "use_link", link_id=link["id"])
        made = await repository.find(
            connection, "insert_super_admin", email=email, name=name, password_hash=stored
        )
        if made is None:
            raise EmailTakenError("somebody has this email already", fields={"email": "taken"})
        return await _start_session(connection, made["id"], "link.used", user_agent, origin)


# ---------------------------------------------------------------- people of a tenant


async def list_people(tx: Transaction) -> list[Row]:
    """The people of the current tenant with their roles."""
    return await repository.list_people(tx)


async def _get_person(tx: Transaction, user_id: int) -> Row:
    for person in await repository.list_people(tx):
        if person["user_id"] == user_id:
            return person
    raise NotFoundError("no such person in this client")


async def add_person(tx: Transaction, *, email: str, name: str, role: str) -> tuple[Row, Link]:
    """Invite a person; the link to hand over. They are in once they used it. Nobody grants above their own role."""
    link = new_link()
    user_id = await repository.add_person(tx, email.strip().lower(), name, role, link.token_hash)
    person = await _get_person(tx, user_id)
    await tx.record(
        "person.added",
        target=("person", user_id, person["name"]),
        details={"email": person["email"], "role": role},
    )
    return person, link


async def change_person(tx: Transaction, user_id: int, role: str) -> Row:
    """Change a person's role in the current tenant; one admin always stays."""
    old_role = await repository.change_person(tx, user_id, role)
    person = await _get_person(tx, user_id)
    await tx.record(
        "person.changed",
        target=("person", user_id, person["name"]),
        details={"role": {"old": old_role, "new": role}},
    )
    return person


async def remove_person(tx: Transaction, user_id: int) -> None:
    """Take a person out of the current tenant; their login and other tenants stay."""
    person = await _get_person(tx, user_id)
    await repository.remove_person(tx, user_id)
    await tx.record(
        "person.removed", target=("person", user_id, person["name"]), details={"role": person["role"]}
    )
