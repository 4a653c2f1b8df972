"""Envelopes and the key service's contract (run against the embedded keyring; OpenBao joins the same suite)."""

from __future__ import annotations

from pathlib import Path

import pytest

from drover.platform.clock import ManualClock
from drover.platform.errors import KeysUnavailableError
from drover.platform.keyring import EmbeddedKeyring, read_master_key
from drover.platform.secrets import Envelopes, Place, Purpose, SecretText

MASTER = {Purpose.SECRETS: b"s" * 32, Purpose.DOCUMENTS: b"d" * 32}
PLACE = Place(1, "device_credentials", "7", "sealed", 2)


@pytest.fixture
async def keys(tmp_path: Path) -> EmbeddedKeyring:
    made = EmbeddedKeyring(tmp_path, MASTER)
    for tenant in (1, 2):
        await made.create_tenant(tenant)
    return made


@pytest.fixture
def envelopes(keys: EmbeddedKeyring) -> Envelopes:
    return Envelopes(keys, ManualClock())


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("plaintext", [b"", b"hunter2", b"\0\xff" * 100_000])
async def test_what_was_sealed_opens_in_its_place(
    envelopes: Envelopes, purpose: Purpose, plaintext: bytes
) -> None:
    sealed = await envelopes.seal(PLACE, purpose, plaintext)
    assert await envelopes.unseal(PLACE, purpose, sealed) == plaintext
    assert not plaintext or plaintext not in sealed


@pytest.mark.parametrize(
    "elsewhere",
    [
        Place(2, "device_credentials", "7", "sealed", 2),
        Place(1, "enrolments", "7", "sealed", 2),
        Place(1, "device_credentials", "8", "sealed", 2),
        Place(1, "device_credentials", "7", "other", 2),
        Place(1, "device_credentials", "7", "sealed", 1),
    ],
    ids=["tenant", "table", "row", "column", "version"],
)
async def test_moved_ciphertext_does_not_open(envelopes: Envelopes, elsewhere: Place) -> None:
    sealed = await envelopes.seal(PLACE, Purpose.SECRETS, b"hunter2")
    with pytest.raises(KeysUnavailableError):
        await envelopes.unseal(elsewhere, Purpose.SECRETS, sealed)


async def test_changed_ciphertext_and_the_wrong_purpose_do_not_open(envelopes: Envelopes) -> None:
    sealed = await envelopes.seal(PLACE, Purpose.SECRETS, b"hunter2")
    with pytest.raises(KeysUnavailableError):
        await envelopes.unseal(PLACE, Purpose.DOCUMENTS, sealed)
    for position in range(len(sealed)):
        changed = bytearray(sealed)
        changed[position] ^= 1
        with pytest.raises(KeysUnavailableError):
            await envelopes.unseal(PLACE, Purpose.SECRETS, bytes(changed))
    for size in range(len(sealed)):
        with pytest.raises(KeysUnavailableError):
            await envelopes.unseal(PLACE, Purpose.SECRETS, sealed[:size])


async def test_who_holds_no_master_key_can_seal_but_not_open(keys: EmbeddedKeyring, tmp_path: Path) -> None:
    api = Envelopes(EmbeddedKeyring(tmp_path, {Purpose.DOCUMENTS: MASTER[Purpose.DOCUMENTS]}), ManualClock())
    sealed = await api.seal(PLACE, Purpose.SECRETS, b"hunter2")
    with pytest.raises(KeysUnavailableError, match="may not open secrets"):
        await api.unseal(PLACE, Purpose.SECRETS, sealed)
    assert await Envelopes(keys, ManualClock()).unseal(PLACE, Purpose.SECRETS, sealed) == b"hunter2"


async def test_a_tenant_without_keys_gets_no_plaintext_but_an_error(envelopes: Envelopes) -> None:
    with pytest.raises(KeysUnavailableError):
        await envelopes.seal(Place(3, "t", "1", "c"), Purpose.SECRETS, b"hunter2")


async def test_creating_twice_keeps_the_keys_and_deleting_destroys_them(
    keys: EmbeddedKeyring, envelopes: Envelopes
) -> None:
    sealed = await envelopes.seal(PLACE, Purpose.SECRETS, b"hunter2")
    await keys.create_tenant(1)
    assert await envelopes.unseal(PLACE, Purpose.SECRETS, sealed) == b"hunter2"
    assert await keys.list_tenants() == {1, 2}
    await keys.delete_tenant(1)
    await keys.create_tenant(1)
    with pytest.raises(KeysUnavailableError):
        await envelopes.unseal(PLACE, Purpose.SECRETS, sealed)


async def test_a_foreign_master_key_opens_nothing(keys: EmbeddedKeyring, tmp_path: Path) -> None:
    thief = EmbeddedKeyring(tmp_path, {Purpose.SECRETS: b"x" * 32})
    data_key = await keys.new_data_key(1, Purpose.SECRETS)
    with pytest.raises(KeysUnavailableError, match="another master key"):
        await thief.unwrap(1, Purpose.SECRETS, data_key.wrapped)


async def test_macs_are_equal_within_a_tenant_and_purpose_only(keys: EmbeddedKeyring) -> None:
    macs = {await keys.mac(tenant, purpose, b"same") for tenant in (1, 2) for purpose in Purpose}
    assert len(macs) == 4
    assert await keys.mac(1, Purpose.SECRETS, b"same") in macs


async def test_a_day_shares_a_data_key_and_the_next_day_has_another(keys: EmbeddedKeyring) -> None:
    clock = ManualClock()
    envelopes = Envelopes(keys, clock)
    sealed = [await envelopes.seal(PLACE, Purpose.DOCUMENTS, b"x", own_key=False) for _ in range(2)]
    await clock.advance(86_400)
    sealed.append(await envelopes.seal(PLACE, Purpose.DOCUMENTS, b"x", own_key=False))
    wrapped = [text[6 : 6 + int.from_bytes(text[4:6], "big")] for text in sealed]
    assert wrapped[0] == wrapped[1] != wrapped[2]
    assert len(set(sealed)) == 3


def test_a_master_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    file.write_text("ab" * 32)
    file.chmod(0o644)
    with pytest.raises(KeysUnavailableError, match="chmod 600"):
        read_master_key(file)
    file.chmod(0o600)
    assert read_master_key(file) == b"\xab" * 32


def test_a_secret_never_prints_itself() -> None:
    secret = SecretText("hunter2")
    assert "hunter2" not in f"{secret} {secret!r} {[secret]}"
    assert secret.reveal() == "hunter2"
