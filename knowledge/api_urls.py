from django.urls import path

from knowledge.api import articles, quality, scripts

urlpatterns = [
    path("scripts/", scripts.Scripts.as_view(), name="api_scripts"),
    path("scripts/<slug:code>/", scripts.ScriptDetail.as_view(), name="api_script"),
    path("articles/", articles.Articles.as_view(), name="api_articles"),
    path("articles/search/", articles.ArticleSearch.as_view(), name="api_article_search"),
    path("articles/<int:pk>/", articles.ArticleDetail.as_view(), name="api_article"),
    path(
        "articles/<int:pk>/files/<uuid:key>/", articles.ArticleContent.as_view(), name="api_article_content"
    ),
    path("inspections/", quality.Inspections.as_view(), name="api_inspections"),
    path("inspections/<int:pk>/", quality.InspectionDetail.as_view(), name="api_inspection"),
    path("quality-figures/", quality.QualityFigures.as_view(), name="api_quality_figures"),
]
