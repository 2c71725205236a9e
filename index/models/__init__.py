"""Whatever runs weights: text to vectors, and models that read two texts together.

embedding       what the index needs of an embedding model
opening         a model by its name, made ready: exported once, and run as an ONNX graph
unpacking       the multilingual model, out of the package that carries it
selecting       which sentences of passages answer a question
reranking       passages scored by reading each with the question; cross_encoding: such models
quiet           no library reports to anyone
"""
