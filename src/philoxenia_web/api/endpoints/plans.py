"""What a foresight study asks for, as programs send and read it: every key with its meaning and an example.

What a value may be is decided by `philoxenia.workflows.foresight`; these say only of which shape it is.
"""

from typing import Annotated, Any, Literal

from pydantic import Field

from philoxenia_web.api.values import Body, Text, whole

Number = Annotated[float, Field(allow_inf_nan=False)]
Share = Annotated[float, Field(allow_inf_nan=False, ge=0, le=1)]
Key = Annotated[Text, Field(min_length=1, max_length=100)]
Long = Annotated[Text, Field(max_length=2000)]
# A list in a cell: as such, or as text with semicolons.
Items = Long | list[Long]
Amount = Number | Long


class ShockChange(Body):
    """A shock otherwise than in the reference table: size and months move the whole range in proportion."""

    probability_per_year: Share | None = Field(None, description="Chance in a year; 0 takes the shock out.")
    size: Number | None = Field(None, ge=0, description="Most likely size, in the unit of the shock.")
    months: Number | None = Field(None, ge=0, description="Most likely length in months.")


class EffectCells(Body):
    """Cells of the table `action_effects`."""

    kind: Long | None = None
    target: Long | None = None
    size: Amount | None = None
    relative: bool | Long | None = None
    districts: Items | None = None
    groups: Items | None = None
    bands: Items | None = None
    low: Amount | None = None
    high: Amount | None = None
    cost_per_exit: Amount | None = None
    cost_per_exit_month: Amount | None = None
    source: Long | None = None
    date: Long | None = None


class BenefitCells(Body):
    """Cells of the table `action_benefits`."""

    benefit: Long | None = None
    unit: Long | None = None
    amount_per_month: Amount | None = None
    value: Amount | None = None
    value_low: Amount | None = None
    value_high: Amount | None = None
    pillar: Long | None = None
    groups: Items | None = None
    source: Long | None = None
    date: Long | None = None


class ActionCells(Body):
    """Cells of the table `actions`, but for its id."""

    title: Long | None = None
    summary: Long | None = None
    blueprint: Items | None = None
    crf_goals: Items | None = None
    funder: Long | None = None
    lead_months: Amount | None = None
    ramp_months: Amount | None = None
    duration_months: Amount | None = None
    life_months: Amount | None = None
    cost_once: Amount | None = None
    cost_per_month: Amount | None = None
    cost_low: Amount | None = None
    cost_high: Amount | None = None
    sizes: Items | None = None
    needs: Items | None = None
    excludes: Items | None = None
    cost_source: Long | None = None
    cost_date: Long | None = None
    note: Long | None = None


class ActionChange(ActionCells):
    """What of an action of the catalogue is another number, and why."""

    effects: dict[Key, EffectCells] | None = Field(
        None, description="By number of the row, from 0.", examples=[{"0": {"size": 3}}]
    )
    benefits: dict[Key, BenefitCells] | None = Field(None, description="By number of the row, from 0.")
    reason: Text = Field("", max_length=2000, description="Why: it stands with the result.")


class OwnAction(ActionCells):
    """An action of the planner's own, with every cell the tables need."""

    action: Key = Field(description="Its id: small letters, digits, underscores.", examples=["own_night_bus"])
    effects: list[EffectCells] = Field([], max_length=50)
    benefits: list[BenefitCells] = Field([], max_length=50)
    reason: Text = Field("", max_length=2000)


class ValueChange(Body):
    """What a unit of an outcome is worth."""

    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    reason: Text = Field("", max_length=2000)


class FailureRule(Body):
    """When a plan has failed: a measure of the city above a level in some month, or too little net."""

    measure: Key | None = Field(None, examples=["waiting"])
    above: Number | None = Field(None, ge=0)
    net_below: Number | None = None


class Plan(Body):
    """What a foresight study asks for. Every key may be left out; a plan replaces the one before."""

    months: whole(1, 120) | None = Field(None, description="Months ahead; 60 for a new study.")  # type: ignore[valid-type]
    futures: whole(2, 10_000) | None = Field(None, description="How many futures; 500 unless said.")  # type: ignore[valid-type]
    seed: whole(0, 2_147_483_647) | None = None  # type: ignore[valid-type]
    rule: Literal["first_come", "need_first", "equal_shares"] | None = Field(
        None, description="Who is served first where capacity is short."
    )
    sampling: Literal["latin_hypercube", "sobol"] | None = None
    shocks: dict[Key, ShockChange] | None = Field(
        None,
        description="Shocks otherwise than in the reference table, by name.",
        examples=[{"sudden_influx": {"probability_per_year": 0.1, "size": 2000, "months": 4}}],
        max_length=50,
    )
    chosen: list[Key] | None = Field(
        None, description="Actions to look at, by id; empty for all.", max_length=500
    )
    changed: dict[Key, ActionChange] | None = Field(
        None,
        description="Actions of the catalogue with other numbers, by id.",
        examples=[{"housing_benefit": {"cost_per_month": 160000, "reason": "New contract"}}],
        max_length=500,
    )
    added: list[OwnAction] | None = Field(None, description="Actions of one's own.", max_length=100)
    values: dict[Key, ValueChange] | None = Field(
        None, description="What outcomes are worth, by measure.", examples=[{"waiting": {"value": -3000}}]
    )
    starts: list[whole(0, 9)] | None = Field(  # type: ignore[valid-type]
        None,
        description="Years in which actions may start, 0 the first.",
        examples=[[0, 1, 2]],
        max_length=10,
    )
    sizes: bool | None = Field(None, description="Whether sizes other than 1 are looked at too.")
    budgets: dict[Key, list[Number]] | None = Field(
        None,
        description="What each funder can spend in each year; one left out has what the city's table says.",
        examples=[{"city": [30000000, 30000000, 30000000, 30000000, 30000000]}],
        max_length=100,
    )
    aim: Literal["mean", "cvar", "regret"] | None = Field(
        None, description="Most on average, most in the worst futures, or least regret."
    )
    worst_share: Number | None = Field(None, gt=0, le=1, description="Which share of futures is the worst.")
    floors: dict[Key, Number | None] | None = Field(
        None,
        description="Least mean gain of a group: 0 (no worse off than without) unless told; null: none.",
        examples=[{"newcomers": 0, "men": None}],
        max_length=20,
    )
    required: list[Key] | None = Field(None, description="Actions that must be in.", max_length=500)
    banned: list[Key] | None = Field(None, description="Actions that must stay out.", max_length=500)
    failure: FailureRule | None = None
    satisfice: dict[Key, Number] | None = Field(
        None, description="What counts as good enough in a future: `net` or a constituency.", max_length=20
    )

    def mapping(self) -> dict[str, Any]:
        """As the actions take it: only what was said."""
        told = self.model_dump(exclude_unset=True)
        # Inside, null says something: an empty cell, a group without a floor.
        return {name: value for name, value in told.items() if value is not None}
