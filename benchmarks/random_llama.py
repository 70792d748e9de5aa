"""llama.cpp's server with a tiny model of random weights: real HTTP, real grammars, no download.

    python benchmarks/random_llama.py MODEL.gguf     # needs the packages xllamacpp and gguf

writes the model, serves it, prints the port and goes on until standard input ends. What it says is
nonsense in the form of the schema; which words it likes is set by a bias in its output layer, for
flat logits would mostly give broken bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import gguf  # in the environment of the server
import numpy as np
import xllamacpp

WIDTH, HEADS, HIDDEN, CONTEXT, PARALLEL = 32, 2, 64, 32_768, 4
WORDS = "the a of to and valve pump setting opens closes when what does is water tank token".split()
LIKED = {
    '"': 2.5,
    "{": 4.0,
    "]": 3.5,
    "}": 4.0,
    ".": 2.0,
    " ": 1.0,
}  # so that strings and lists end
NEVER = -30.0


def vocabulary() -> tuple[list[str], list[float], list[int], list[float]]:
    """Pieces, scores, types and biases of the output: specials, bytes, characters and words."""
    kinds = gguf.TokenType
    pieces, types, biases = ["<unk>", "<s>", "</s>"], [kinds.UNKNOWN] + 2 * [kinds.CONTROL], []
    biases += [NEVER, NEVER, 3.0]
    for byte in range(256):
        pieces.append(f"<0x{byte:02X}>")
        types.append(kinds.BYTE)
        biases.append(NEVER)
    for text in [chr(code) for code in range(32, 127)] + [f" {word}" for word in WORDS]:
        pieces.append(text.replace(" ", "\u2581"))
        types.append(kinds.NORMAL)
        biases.append(LIKED.get(text, 1.5 if len(text) > 1 else 0.0))
    return pieces, [-float(n) for n in range(len(pieces))], [int(kind) for kind in types], biases


def write_model(path: Path) -> None:
    """A llama of one layer; equal bytes on every run."""
    pieces, scores, types, biases = vocabulary()
    draw = np.random.default_rng(7)

    def weights(*shape: int) -> np.ndarray:
        return draw.normal(0.0, 0.05, shape).astype(np.float32)

    embedding, output = weights(len(pieces), WIDTH), weights(len(pieces), WIDTH)
    embedding[:, 0] = 1.0  # the same for every word, so that the output can have a bias
    output[:, 0] = np.asarray(biases, dtype=np.float32) / np.sqrt(WIDTH)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(1)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    writer.add_vocab_size(len(pieces))
    writer.add_tokenizer_model("llama")
    writer.add_token_list(pieces)
    writer.add_token_scores(scores)
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_chat_template(
        "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant: "
    )
    ones = np.ones(WIDTH, dtype=np.float32)
    tensors = {"token_embd": embedding, "output": output, "output_norm": ones}
    tensors |= {f"blk.0.{name}_norm": ones for name in ("attn", "ffn")}
    tensors |= {f"blk.0.attn_{name}": weights(WIDTH, WIDTH) for name in ("q", "k", "v", "output")}
    tensors |= {f"blk.0.ffn_{name}": weights(HIDDEN, WIDTH) for name in ("gate", "up")}
    tensors["blk.0.ffn_down"] = weights(WIDTH, HIDDEN)
    for name, tensor in tensors.items():
        writer.add_tensor(f"{name}.weight", tensor)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def serve(path: Path) -> None:
    """Serve the model until standard input ends."""
    params = xllamacpp.CommonParams()
    params.model.path = str(path)
    params.model_alias = {"random"}
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.n_ctx = CONTEXT * PARALLEL
    params.n_parallel = PARALLEL
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    params.warmup = False
    server = xllamacpp.Server(params)
    print(server.listening_address.rpartition(":")[2], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    write_model(Path(sys.argv[1]))
    serve(Path(sys.argv[1]))
