-- Replaced by product_documents, which makes the words of a term once for all products.
DROP FUNCTION IF EXISTS product_document(text, text, text);
