"""All addresses of the site, desk by desk, and the pages for what went wrong."""

from django.urls import include, path

urlpatterns = [
    path("", include("chengxin.site.public.urls")),
    path("api/", include("chengxin.site.api.urls")),
    path("accounts/", include("chengxin.site.accounts.urls")),
    path("bumen/", include("chengxin.site.department.urls")),
    path("xinyongban/", include("chengxin.site.office.urls")),
    path("wode/", include("chengxin.site.subject.urls")),
]
handler400 = "chengxin.site.public.errors.bad_request"
handler403 = "chengxin.site.public.errors.forbidden"
handler404 = "chengxin.site.public.errors.not_found"
handler429 = "chengxin.site.public.errors.too_many"
handler500 = "chengxin.site.public.errors.broken"
