"""Two groups, named as the duties that fill them; Wagtail's own groups and their workflow go.

There is one way to publish: a course is reviewed (`cms.CourseReview`), every other page is the editors' word.
"""

from django.db import migrations

EDITOR, REVIEWER = "editor", "reviewer"
PAGE = ("add_page", "change_page", "publish_page")
LIBRARY = (
    ("wagtailimages", "image", ("add_image", "change_image", "choose_image")),
    ("wagtaildocs", "document", ("add_document", "change_document", "choose_document")),
)
THEIR_GROUPS = ("Editors", "Moderators")


def found(apps, schema_editor):
    Group = apps.get_model("auth", "Group")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    GroupCollectionPermission = apps.get_model("wagtailcore", "GroupCollectionPermission")
    editor, reviewer = (Group.objects.get_or_create(name=name)[0] for name in (EDITOR, REVIEWER))
    for group in (editor, reviewer):
        group.permissions.add(_permission(apps, "wagtailadmin", "admin", "access_admin"))
    home = apps.get_model("cms", "HomePage").objects.filter(depth=2).order_by("path").first()
    for codename in PAGE:
        GroupPagePermission.objects.get_or_create(
            group=editor, page_id=home.pk, permission=_permission(apps, "wagtailcore", "page", codename)
        )
    collection = apps.get_model("wagtailcore", "Collection").objects.get(depth=1)
    for app, model, codenames in LIBRARY:
        for codename in codenames:
            GroupCollectionPermission.objects.get_or_create(
                group=editor, collection=collection, permission=_permission(apps, app, model, codename)
            )
    apps.get_model("wagtailcore", "WorkflowPage").objects.all().delete()
    apps.get_model("wagtailcore", "Workflow").objects.update(active=False)
    apps.get_model("wagtailcore", "Task").objects.update(active=False)
    Group.objects.filter(name__in=THEIR_GROUPS, user=None).delete()


def dissolve(apps, schema_editor):
    """Wagtail's groups come back empty-handed but for what its first migration gave them."""
    Group = apps.get_model("auth", "Group")
    GroupPagePermission = apps.get_model("wagtailcore", "GroupPagePermission")
    Group.objects.filter(name__in=(EDITOR, REVIEWER)).delete()
    root = apps.get_model("wagtailcore", "Page").objects.get(depth=1)
    for name, codenames in zip(THEIR_GROUPS, (PAGE[:2], PAGE), strict=True):
        group, _created = Group.objects.get_or_create(name=name)
        group.permissions.add(_permission(apps, "wagtailadmin", "admin", "access_admin"))
        for codename in codenames:
            GroupPagePermission.objects.get_or_create(
                group=group, page=root, permission=_permission(apps, "wagtailcore", "page", codename)
            )


def _permission(apps, app, model, codename):
    content_type, _created = apps.get_model("contenttypes", "ContentType").objects.get_or_create(
        app_label=app, model=model
    )
    return apps.get_model("auth", "Permission").objects.get_or_create(
        content_type=content_type, codename=codename, defaults={"name": codename.replace("_", " ").capitalize()}
    )[0]


class Migration(migrations.Migration):
    dependencies = [
        ("cms", "0003_site_tree"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("registry", "0001_initial"),
        ("wagtailadmin", "0006_formstate"),
        ("wagtailimages", "0027_image_description"),
        ("wagtaildocs", "0014_alter_document_file_size"),
        ("wagtailcore", "0097_baselogentry_uuid_action_timestamp_indexes"),
    ]
    operations = [migrations.RunPython(found, dissolve)]
