"""Where partitions are held: in this process, or by actors of Ray."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeAlias

from ._leaning import Partition
from ._people import Input, Responses
from .errors import LeaningError

Totals: TypeAlias = "tuple[int, int, int, int, int]"
"""Numbers of people, of comparisons, of those that tell something, and of the most responses shown
at once; and a number that changes with any comparison."""

Read: TypeAlias = Callable[[int, int], object]
"""Called with the number of partitions read so far, and of all."""


class Engine(Protocol):
    """Holds partitions, in their order."""

    def partitions(self) -> int:
        """Their number, if nobody says otherwise."""
        ...

    def read(self, responses: Responses, inputs: Sequence[Input], told: Read) -> list[Totals]:
        """Reads the partitions. The first that is flawed is told."""
        ...

    def ask(self, request: bytes) -> list[bytes]:
        """The sums of each partition."""
        ...

    def close(self) -> None:
        """Lets the partitions go."""
        ...


class InProcess:
    """Partitions in this process. Each sums on all processors."""

    def __init__(self) -> None:
        self._partitions: list[Partition] = []

    def partitions(self) -> int:
        """As :meth:`Engine.partitions`."""
        return 1

    def read(self, responses: Responses, inputs: Sequence[Input], told: Read) -> list[Totals]:
        """As :meth:`Engine.read`."""
        for done, of in enumerate(inputs, 1):
            self._partitions.append(of.read(responses))
            told(done, len(inputs))
        return [partition.totals for partition in self._partitions]

    def ask(self, request: bytes) -> list[bytes]:
        """As :meth:`Engine.ask`."""
        return [partition.step(request) for partition in self._partitions]

    def close(self) -> None:
        """As :meth:`Engine.close`."""
        # Another thread may be asking: it goes on with the list that it has.
        self._partitions = []


_RESTARTS = 16
"""An actor that is lost more often than this fails the fit: something is wrong with it."""


class Actor:
    """Holds a partition. Ray makes an actor that is lost again, and repeats what it was asked."""

    def __init__(self, responses: Responses, input: Input, processors: int) -> None:
        # The threads start with the first step.
        os.environ["RAYON_NUM_THREADS"] = str(processors)
        self._made_of = (responses, input)
        self._partition: Partition | None = None

    def read(self) -> Totals:
        """Reads the partition."""
        return self._get().totals

    def step(self, request: bytes) -> bytes:
        """The sums of the partition."""
        return self._get().step(request)

    def _get(self) -> Partition:
        # Not when the actor is made: Ray takes an error there for the loss of the actor.
        if self._partition is None:
            responses, input = self._made_of
            self._partition = input.read(responses)
        return self._partition


class OnRay:
    """Partitions in actors of Ray.

    Args:
        address: The address of a cluster, for ``ray.init``. If this process is connected to one
            already, that is used as it is.
        processors: The processors of each actor.
    """

    def __init__(self, address: str, processors: int) -> None:
        try:
            import ray
        except ImportError:
            message = "options: ray_address: Ray is not installed: pip install ray"
            raise LeaningError(message, "options", "ray_address") from None
        self._ray: Any = ray
        self._processors = processors
        self._actors: list[Any] = []
        self._connected = False
        self._asking = threading.Lock()
        # Ray keeps what actors are made of as long as this refers to it.
        self._made_of: list[Any] = []
        if not ray.is_initialized():
            try:
                ray.init(address=address, log_to_driver=False)
            except (ConnectionError, RuntimeError, ValueError) as error:
                message = f"options: ray_address: {' '.join(str(error).split())}"
                raise LeaningError(message, "options", "ray_address") from None
            self._connected = True

    def partitions(self) -> int:
        """As many as there are processors in the cluster for them."""
        return max(1, int(self._ray.cluster_resources().get("CPU", 1)) // self._processors)

    def read(self, responses: Responses, inputs: Sequence[Input], told: Read) -> list[Totals]:
        """As :meth:`Engine.read`."""
        make = self._ray.remote(
            num_cpus=self._processors, max_restarts=_RESTARTS, max_task_retries=-1
        )(Actor)
        shared = self._ray.put(responses)
        self._made_of = [shared]
        for of in inputs:
            input = self._ray.put(of.portable())
            self._made_of.append(input)
            self._actors.append(make.remote(shared, input, self._processors))
        asked = [actor.read.remote() for actor in self._actors]
        totals: list[Totals] = []
        for place, ref in enumerate(asked):
            totals.append(self._get(place, ref))
            told(place + 1, len(asked))
        return totals

    def ask(self, request: bytes) -> list[bytes]:
        """As :meth:`Engine.ask`."""
        with self._asking:
            sent = self._ray.put(request)
            asked = [actor.step.remote(sent) for actor in self._actors]
            return [self._get(place, ref) for place, ref in enumerate(asked)]

    def close(self) -> None:
        """As :meth:`Engine.close`."""
        for actor in self._actors:
            self._ray.kill(actor)
        # Another thread that asks hears of it first, so that none talks to Ray when it shuts down.
        with self._asking:
            self._actors.clear()
            self._made_of.clear()
            if self._connected:
                self._ray.shutdown()

    def _get(self, place: int, ref: Any) -> Any:
        errors = self._ray.exceptions
        try:
            return self._ray.get(ref)
        except errors.RayTaskError as error:
            if isinstance(error.cause, LeaningError):
                raise error.cause from None
            raise
        except errors.RayError as error:
            message = f"internal: partition {place}: lost: {' '.join(str(error).split())}"
            raise LeaningError(message, "internal", f"partitions[{place}]") from None
