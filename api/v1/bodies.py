"""Bodies of the bank API, version 1. Amounts are integer fen; dates are ISO; rates are strings per year."""

from __future__ import annotations

from typing import Any

from django.core.validators import RegexValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

# No control characters anywhere: PostgreSQL refuses NUL and nobody means the others.
_TEXT = r"^[^\x00-\x1f\x7f]*$"


def _whole(text: str) -> None:
    """JSON can name half of a character (a lone surrogate), which no database keeps."""
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise serializers.ValidationError("Half of a character.", code="invalid")


class Text(serializers.CharField):
    """One line of text."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.validators += [RegexValidator(_TEXT), _whole]


class Fen(serializers.IntegerField):
    """A positive amount in fen (1 yuan = 100 fen), below ten trillion."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(min_value=1, max_value=10**15, **kwargs)


class Obligor(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["COMPANY", "PERSON"])
    name = Text(max_length=200)
    id_number = Text(max_length=18, help_text="USCC of a company, resident ID of a person; 18 characters")
    region_code = Text(max_length=6, required=False, allow_blank=True, help_text="GB/T 2260")
    industry = serializers.ChoiceField(choices=list("ABCDEFGHIJKLMNOPQRST"), required=False, help_text="GB/T 4754 section letter")
    legal_rep = Text(max_length=60, required=False, allow_blank=True)
    mobile = Text(max_length=20, required=False, allow_blank=True)
    address = Text(max_length=200, required=False, allow_blank=True)


class NewApplication(serializers.Serializer[Any]):
    bank_reference = Text(max_length=80, help_text="Your number of this case; unique for your bank")
    product = Text(max_length=40, help_text="Product code of the institution")
    amount_fen = Fen()
    term_months = serializers.IntegerField(min_value=1, max_value=600)
    purpose = Text(max_length=300)
    fee_rate = serializers.DecimalField(
        max_digits=7, decimal_places=6, min_value=0, max_value=1, required=False, help_text="Per year, e.g. 0.010000"
    )
    obligor = Obligor()


class NewDrawdown(serializers.Serializer[Any]):
    iou_no = Text(max_length=80)
    on = serializers.DateField()
    amount_fen = Fen()
    complete = serializers.BooleanField(default=False, help_text="True when no further drawdown will follow")


class NewRepayment(serializers.Serializer[Any]):
    reference = Text(max_length=80)
    on = serializers.DateField()
    principal_fen = Fen()


class GuaranteeBody(serializers.Serializer[Any]):
    """A guarantee as its lending bank sees it."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    state = serializers.CharField()
    loan_fen = serializers.IntegerField()
    guaranteed_fen = serializers.IntegerField()
    drawn_fen = serializers.IntegerField()
    repaid_fen = serializers.IntegerField()
    outstanding_fen = serializers.IntegerField()
    balance_fen = serializers.IntegerField(help_text="What the guarantor answers for today")
    start_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)


class ApplicationBody(serializers.Serializer[Any]):
    """An application as the bank that sent it sees it."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    bank_reference = serializers.CharField(allow_null=True)
    state = serializers.CharField()
    reason = serializers.CharField(allow_blank=True)
    product = serializers.CharField(source="product.code")
    amount_fen = serializers.IntegerField()
    approved_fen = serializers.IntegerField(allow_null=True)
    guaranteed_fen = serializers.IntegerField()
    term_months = serializers.IntegerField()
    fee_rate = serializers.DecimalField(max_digits=7, decimal_places=6)
    submitted_on = serializers.DateField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    guarantee = serializers.SerializerMethodField()

    @extend_schema_field(GuaranteeBody(allow_null=True))
    def get_guarantee(self, application: Any) -> dict[str, Any] | None:
        # The state tells whether there is one; asking the table each time would cost the bank a query.
        return GuaranteeBody(application.guarantee).data if application.state == "ISSUED" else None


class DrawdownBody(serializers.Serializer[Any]):
    iou_no = serializers.CharField()
    on = serializers.DateField()
    amount_fen = serializers.IntegerField()
    guarantee = GuaranteeBody()


class RepaymentBody(serializers.Serializer[Any]):
    reference = serializers.CharField()
    on = serializers.DateField()
    principal_fen = serializers.IntegerField()
    guarantee = GuaranteeBody()


class FieldProblem(serializers.Serializer[Any]):
    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemBody(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    errors = FieldProblem(many=True)
    trace_id = serializers.CharField()
