"""Messages reach those they are for, and nobody else."""

from __future__ import annotations

import pytest

from kernel.notices import queries, services
from kernel.notices.models import Notice
from registry.tenancy import inside
from tests.factories.houses import ANHE, BOYU, house, staff

pytestmark = pytest.mark.django_db


def test_a_post_and_people_are_told_once_each() -> None:
    with inside(house(ANHE)):
        seats = staff(ANHE)
        services.tell(sentence="%(name)s waits", facts={"name": "甲"}, url="/x/", post="RISK_REVIEWER",
                      user_ids=[seats["risk"].id, seats["head"].id])  # fmt: skip
        assert {notice.user_id for notice in Notice.objects.all()} == {seats["risk"].id, seats["head"].id}
        assert Notice.objects.count() == 2
        assert queries.of(seats["risk"]).get().facts == {"name": "甲"}
        assert queries.unread(seats["manager"]) == 0
        services.tell(sentence="nobody holds it", post="NO_SUCH_POST")
        assert Notice.objects.count() == 2


def test_who_left_is_told_nothing_by_his_post() -> None:
    with inside(house(ANHE)):
        risk = staff(ANHE)["risk"]
        risk.is_active = False
        risk.save()
        services.tell(sentence="x", post="RISK_REVIEWER")
        assert not Notice.objects.exists()


def test_one_reads_only_one_s_own() -> None:
    with inside(house(ANHE)):
        seats = staff(ANHE)
        services.tell(sentence="one", user_ids=[seats["risk"].id, seats["head"].id])
        services.tell(sentence="two", user_ids=[seats["risk"].id])
        of_head = queries.of(seats["head"]).get()
        services.mark_read(actor=seats["risk"], notice_id=of_head.id)
        assert queries.unread(seats["head"]) == 1
        newest = queries.of(seats["risk"]).first()
        services.mark_read(actor=seats["risk"], notice_id=newest.id)
        assert (newest.sentence, queries.unread(seats["risk"])) == ("two", 1)
        services.mark_read(actor=seats["risk"])
        assert (queries.unread(seats["risk"]), queries.unread(seats["head"])) == (0, 1)


def test_the_same_number_next_door_is_another_person() -> None:
    with inside(house(ANHE)):
        risk = staff(ANHE)["risk"]
        services.tell(sentence="ours", user_ids=[risk.id])
    with inside(house(BOYU)):
        assert not queries.of(risk).exists()
        services.mark_read(actor=risk)
    with inside(house(ANHE)):
        assert queries.unread(risk) == 1


def test_a_message_belongs_to_the_transaction_that_tells_it() -> None:
    from django.db import transaction

    with inside(house(ANHE)):
        with pytest.raises(ValueError), transaction.atomic():
            services.tell(sentence="never", user_ids=[staff(ANHE)["risk"].id])
            raise ValueError
        assert not Notice.objects.exists()
