"""Pages of the site, and the reviews of courses."""

from cms.models.course import CatalogueIndexPage, CoursePage
from cms.models.pages import ExpertPoolPage, HomePage, NewsIndexPage, NewsPage, TextPage
from cms.models.review import CourseReview

__all__ = [
    "CatalogueIndexPage",
    "CoursePage",
    "CourseReview",
    "ExpertPoolPage",
    "HomePage",
    "NewsIndexPage",
    "NewsPage",
    "TextPage",
]
