"""Writers: passages become an answer's claims. The default is extractive and needs no language model."""
