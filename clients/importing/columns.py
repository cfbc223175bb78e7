"""Which field of the client record a column fills, and what its headings are usually called."""

import re
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

FIELDS = {
    "client_no": _("Client number"),
    "name": _("Name"),
    "kind": _("Kind"),
    "id_type": _("ID type"),
    "id_number": _("ID number"),
    "mobile": _("Mobile"),
    "email": _("Email"),
    "branch": _("Branch code"),
    "manager_no": _("Manager number"),
    "source": _("Source"),
    "source_detail": _("Source in detail"),
    "referred_by": _("Recommended by client number"),
    "short_name": _("Short name"),
    "occupation": _("Occupation"),
    "remark": _("Remark"),
    "declared_outside_assets": _("Declared outside assets"),
    "tags": _("Tags, with commas between them"),
    "contact_mobile": _("Further mobile"),
    "contact_phone": _("Landline"),
    "contact_email": _("Further email"),
    "contact_address": _("Further address"),
}
KEYS = ("client_no", "id_number", "mobile")  # one of these, or a name, a row must have
USUAL = {
    "client_no": "客户号 客户编号 客户代码 clientno clientnumber client",
    "name": "姓名 名称 客户姓名 客户名称 name clientname",
    "kind": "类型 客户类型 kind type",
    "id_type": "证件类型 idtype",
    "id_number": "证件号码 证件号 身份证号 身份证 身份证号码 统一社会信用代码 idnumber id idno",
    "mobile": "手机 手机号 手机号码 电话 联系电话 mobile phone mobilephone",
    "email": "邮箱 电子邮箱 邮件 email mail",
    "branch": "营业部 营业部代码 branch branchcode",
    "manager_no": "客户经理 客户经理工号 工号 manager managerno managernumber",
    "source": "来源 客户来源 source",
    "source_detail": "来源说明 sourceindetail",
    "referred_by": "推荐人 推荐人客户号 referredby recommendedby",
    "short_name": "简称 公司简称 shortname",
    "occupation": "职业 occupation",
    "remark": "备注 remark remarks note notes",
    "declared_outside_assets": "行外资产 外部资产 申报的外部资产 outsideassets declaredoutsideassets",
    "tags": "标签 tag tags",
    "contact_mobile": "其他手机 备用手机 furthermobile",
    "contact_phone": "座机 固定电话 固话 landline",
    "contact_email": "其他邮箱 furtheremail",
    "contact_address": "地址 联系地址 其他地址 address furtheraddress",
}
_FIELD_OF = {word: field for field, words in USUAL.items() for word in words.split()}


def suggested(columns: Sequence[str], remembered: dict[str, str]) -> list[str]:
    """The field of each column ('' for none): as the person chose last, else by the usual headings."""
    found: list[str] = []
    for column in columns:
        plain = re.sub(r"[\s_\-:：*（）()]", "", column).lower()
        field = remembered.get(column, _FIELD_OF.get(plain, ""))
        found.append(field if field in FIELDS and field not in found else "")
    return found
