"""The TELEMETRY stream and its consumer, made by the one NATS user that may."""

import nats.errors
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
from nats.js.errors import NotFoundError

from drover.platform.engines.errors import EngineError
from drover.platform.engines.nats import CONSUMER, STREAM, STREAM_SUBJECT, NatsLogin

_MAX_BYTES = 4 * 1024**3
_DUPLICATE_WINDOW_S = 120
_ACK_WAIT_S = 30
_MAX_ACK_PENDING = 1000


async def ensure_stream(login: NatsLogin, *, timeout_s: float = 10.0) -> None:
    """Make the stream and its durable pull consumer, or bring them to this version's settings."""
    stream = StreamConfig(
        name=STREAM,
        subjects=[STREAM_SUBJECT],
        retention=RetentionPolicy.WORK_QUEUE,
        storage=StorageType.FILE,
        max_bytes=_MAX_BYTES,
        # Full means refused, which pollers see and report; discarding old batches would be silent.
        discard=DiscardPolicy.NEW,
        duplicate_window=_DUPLICATE_WINDOW_S,
    )
    consumer = ConsumerConfig(
        durable_name=CONSUMER,
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=_ACK_WAIT_S,
        max_ack_pending=_MAX_ACK_PENDING,
    )
    client = Client()
    try:
        await _ensure(client, login, stream, consumer, timeout_s)
    except (nats.errors.Error, OSError) as error:
        raise EngineError(f"the message bus at {login.url} could not be prepared: {error!r}") from error
    finally:
        await client.close()


async def _ensure(
    client: Client, login: NatsLogin, stream: StreamConfig, consumer: ConsumerConfig, timeout_s: float
) -> None:
    await client.connect(
        login.url,
        user=login.user,
        password=login.password.get_secret_value(),
        inbox_prefix=login.inbox_prefix.encode(),
        connect_timeout=int(timeout_s),
        allow_reconnect=False,
    )
    jetstream = client.jetstream(timeout=timeout_s)
    try:
        await jetstream.update_stream(stream)
    except NotFoundError:
        await jetstream.add_stream(stream)
    await jetstream.add_consumer(STREAM, consumer)
