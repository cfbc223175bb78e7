"""The demo's client analysis reports: one is out with its proposals answered, one is being written."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from kpis.actions import cohorts, proposals, reports
from kpis.models import Proposal, Report
from kpis.queries.report_figures import NoFigures
from kpis.queries.reports import months_to_draft
from staff.models import Person, Unit

WRITER, SECOND, HEAD, NEIGHBOUR = "luo.tianyu", "zhu.simin", "wang.haifeng", "zhao.yawen"
WEEKS = timedelta(weeks=3)
# title, text, unit, role, tiers, flag
ASKED = (
    (
        "逐户回访高价值风险客户",
        "资产或贡献腰斩的客户在一个月内**逐户回访**：\n- 先看客户页“分数变化原因”\n"
        "- 记录去向与诉求，能挽回的建任务跟进",
        "1001", "branch_manager", ("V3", "V4", "V5"), "at_risk",
    ),
    (
        "沉睡资产客户的理财配置建议",
        "一年未交易但有资产的客户，由客户经理提供一次资产配置建议，优先推荐中低风险产品。",
        "1001", "branch_manager", (), "dormant_asset",
    ),
    (
        "金级客户升级专项",
        "接近白金级的客户安排一次面谈，按“提升分数的服务”清单选择一项落实。",
        "1002", "branch_manager", ("V3",), "",
    ),
    (
        "为最高两级客户提供月度研究摘要",
        "最高两级客户贡献了大部分价值，建议研究所每月提供一份行业摘要，由客户经理转达。",
        "HQ", "research_supervisor", ("V4", "V5"), "",
    ),
)  # fmt: skip
NEXT = (
    "新客户首季服务检查",
    "新客户开户后 90 天内至少完成两次有效接触；请团队负责人逐一核对。",
    "1001", "branch_manager", ("NEW", "V1"), "",
)  # fmt: skip
NOTE = (
    "- 本月接触 **{contacts}** 次，投诉 {complaints} 件。\n"
    "- 客服中心已将高频问题整理为知识库文章，下月观察接触量变化。"
)


@transaction.atomic
def make_reports() -> None:
    """Of the last two months that have figures; unless that was done before."""
    if Report.objects.exists():
        return
    months = list(reversed(months_to_draft()[:2]))
    people = {
        one.username: one for one in Person.objects.filter(username__in=(WRITER, SECOND, HEAD, NEIGHBOUR))
    }
    try:
        made = [reports.draft_report(actor=people[WRITER], period=month) for month in months]
    except NoFigures:
        return
    for report in made:
        _note(report, people[WRITER])
    if len(made) == 2:
        _bring_out(made[0], people)
    if made:
        _propose(made[-1], people[WRITER], NEXT)


def _note(report: Report, writer: Person) -> None:
    section = report.sections.get(key="service")
    text = (
        "- {contacts} contacts and {complaints} complaints this month.\n- Frequent questions became articles."
    )
    reports.write_section(actor=writer, section=section, number=1, text_zh=NOTE, text_en=text)


def _propose(
    report: Report, writer: Person, asked: tuple[str, str, str, str, tuple[str, ...], str]
) -> Proposal:
    title, text, unit, role, tiers, flag = asked
    told = proposals.Told(
        title=title, text=text, unit=Unit.objects.get(code=unit), role=role, tiers=tiers, flag=flag,
        due_on=max(timezone.localdate(), report.as_of) + WEEKS,
    )  # fmt: skip
    return proposals.write_proposal(actor=writer, report=report, told=told)


def _bring_out(report: Report, people: dict[str, Person]) -> None:
    """Released, with a proposal done, one accepted, one declined and one open."""
    done, accepted, declined, _open = (_propose(report, people[WRITER], asked) for asked in ASKED)
    report = reports.submit_report(actor=people[WRITER], report=report, version=report.version)
    reports.release_report(actor=people[SECOND], report=report, version=report.version)
    head, owner = people[HEAD], Person.objects.get(employee_no="M1001A")
    for proposal in (done, accepted):
        proposal.refresh_from_db()
        proposals.accept(
            actor=head, proposal=proposal, version=proposal.version, owner=owner, due_on=proposal.due_on
        )
    done.refresh_from_db()
    proposals.finish(
        actor=owner,
        proposal=done,
        version=done.version,
        note="已逐户回访，其中三户约定转回资产，已建任务跟进。",
    )
    declined.refresh_from_db()
    proposals.decline(
        actor=people[NEIGHBOUR], proposal=declined, version=declined.version,
        why="本季度营业部已有同类面谈安排，不再重复；结果将并入季度复盘。",
    )  # fmt: skip
    cohorts.measure_due()
