"""A card as a file: XLSX to reckon with, PDF to print and sign. Both show the same tables."""

from kpis.exports.files import card_pdf, card_xlsx

__all__ = ["card_pdf", "card_xlsx"]
