"""All addresses. The order matters: Wagtail's pages come last and take what is left."""

from __future__ import annotations

from django.conf import settings
from django.urls import include, path, re_path
from django.views.i18n import set_language
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls
from wagtail.views import serve

from config import health
from config.api import api
from core.views import style

urlpatterns = [
    path("", serve, {"path": ""}, name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("style/", style, name="style"),
    path("language/", set_language, name="set_language"),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", api.urls),
    path("", include("credentials.urls")),  # /C/<code>
    path("", include("registry.urls")),
    path("", include("trainers.urls")),
    path("", include("lms.urls")),
    path("", include("oversight.urls")),
    path("", include("audit.urls")),
    path("", include("cms.urls")),
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if settings.DEMONSTRATION:
    from django.views.static import serve as serve_file

    urlpatterns += [
        re_path(
            r"^media/(?P<path>images/.*)$", serve_file, {"document_root": settings.MEDIA_ROOT}, name="media"
        ),
    ]
urlpatterns += [path("", include(wagtail_urls))]
