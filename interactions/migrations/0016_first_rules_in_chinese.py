"""The first routing rules get Chinese names, as the pages speak Chinese first; names people gave stay."""

from django.db import migrations

NAMES = {
    "Own manager of the best clients": "优质客户由其客户经理接待",
    "Somebody of the unit": "由本机构人员接待",
}


def rename(apps, schema_editor):
    rules = apps.get_model("interactions", "RoutingRule").objects
    for old, new in NAMES.items():
        rules.filter(name=old, version=1).update(name=new)


class Migration(migrations.Migration):
    dependencies = [("interactions", "0015_thresholds_from_a_day")]
    operations = [migrations.RunPython(rename, migrations.RunPython.noop)]
