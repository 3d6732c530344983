"""A city package on disk with two actions, a value and a budget: the smallest to ask foresight of."""

from pathlib import Path

from tests.journeys.made_city import write_city

TABLES = {
    "actions": """action,title,summary,blueprint,crf_goals,funder,lead_months,ramp_months,duration_months,\
cost_once,cost_per_month,cost_low,cost_high,sizes,needs,excludes,cost_source,cost_date,note
longer_hours,Open longer,Libraries open longer.,P1,1,city,1,1,,1000,500,0.8,1.2,1;2,,,assumption: made,2024,
classes,Classes,Language classes.,E4,4,donors,0,0,,100,100,0.8,1.2,,,,assumption: made,2024,
""",
    "action_effects": """action,kind,target,size,relative,districts,groups,bands,low,high,cost_per_exit,\
cost_per_exit_month,source,date
longer_hours,capacity,library_programmes,0.1,yes,,,,0.8,1.2,,,assumption: made,2024
""",
    "action_benefits": """action,benefit,unit,amount_per_month,value,value_low,value_high,pillar,groups,\
source,date
classes,earnings,months,10,100,50,200,unlocked_potential,newcomer_women,assumption: made,2024
""",
    "unit_values": """measure,unit,value,low,high,pillar,source,date
served.library_programmes,visit,10,5,20,unlocked_potential,assumption: made,2024
""",
    "constituency_incomes": """cell,income,source,date
newcomer_children,20000,assumption: made,2024
newcomer_women,21000,assumption: made,2024
newcomer_men,24000,assumption: made,2024
newcomer_older,18000,assumption: made,2024
long_term_children,30000,assumption: made,2024
long_term_women,31000,assumption: made,2024
long_term_men,36000,assumption: made,2024
long_term_older,28000,assumption: made,2024
homeless,6000,assumption: made,2024
""",
    "action_budgets": """funder,title,year,amount,source
city,City,1,20000,assumption: made
""",
}


def write_package(folder: Path) -> Path:
    """Write the package; actions are `longer_hours` of the city and `classes` of donors."""
    write_city(folder, side=2, months=40)
    for name, text in TABLES.items():
        (folder / "tables" / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder
