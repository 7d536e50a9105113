"""The pages the site stands on, in place of Wagtail's welcome page."""

from django.db import migrations

WELCOME = "Welcome to your new Wagtail site!"
CHILDREN = (("catalogueindexpage", "courses", "课程"), ("expertpoolpage", "experts", "师资库"), ("newsindexpage", "news", "新闻"))


def plant(apps, schema_editor):
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    if apps.get_model("cms", "HomePage").objects.exists():
        return
    root = Page.objects.get(depth=1)
    Page.objects.filter(depth=2, slug="home", title=WELCOME, numchild=0).delete()  # its site goes with it
    number = 1 + max((int(page.path[4:], 36) for page in Page.objects.filter(depth=2)), default=0)
    path = f"{root.path}{_base36(number)}"
    home = _page(apps, "homepage", title="首页", slug="home", path=path, depth=2, url_path="/home/", numchild=len(CHILDREN))
    for position, (model, slug, title) in enumerate(CHILDREN, 1):
        _page(
            apps,
            model,
            title=title,
            slug=slug,
            path=f"{path}{position:04}",
            depth=3,
            url_path=f"/home/{slug}/",
            numchild=0,
            show_in_menus=True,
        )
    root.numchild = Page.objects.filter(depth=2).count()
    root.save(update_fields=["numchild"])
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "site_name": "育证", "root_page_id": home.pk}
    )


def uproot(apps, schema_editor):
    """Back to the welcome page. Pages that editors wrote below the tree go with it."""
    ContentType = apps.get_model("contenttypes", "ContentType")
    Page = apps.get_model("wagtailcore", "Page")
    Site = apps.get_model("wagtailcore", "Site")
    home = apps.get_model("cms", "HomePage").objects.filter(depth=2).order_by("path").first()
    if home is None:
        return
    path = home.path
    Page.objects.filter(path__startswith=path).delete()
    welcome = Page.objects.create(
        title=WELCOME,
        draft_title=WELCOME,
        slug="home",
        content_type=ContentType.objects.get_or_create(app_label="wagtailcore", model="page")[0],
        locale=_locale(apps),
        path=path,
        depth=2,
        numchild=0,
        url_path="/home/",
    )
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "port": 80, "site_name": "", "root_page_id": welcome.pk}
    )


def _page(apps, model, *, title, **fields):
    ContentType = apps.get_model("contenttypes", "ContentType")
    content_type, _created = ContentType.objects.get_or_create(app_label="cms", model=model)
    return apps.get_model("cms", model).objects.create(
        title=title, draft_title=title, content_type=content_type, locale=_locale(apps), live=True, **fields
    )


def _locale(apps):
    """The locale that Wagtail's own migration made of LANGUAGE_CODE: zh-hans."""
    return apps.get_model("wagtailcore", "Locale").objects.order_by("pk").first()


def _base36(number):
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    text = ""
    while number:
        number, rest = divmod(number, 36)
        text = digits[rest] + text
    return text.rjust(4, "0")


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0002_append_only"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [migrations.RunPython(plant, uproot)]
