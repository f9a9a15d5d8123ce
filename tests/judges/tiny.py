"""Tiny models as directories: a sentence encoder that is told which words mean the same, and a chat model that knows nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from studyapp.judges.scale import LIKE

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WIDTH = 64


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


SMALL = set(words("the a an of for is in to than with by so that had them on what one no as it its it's do not every over all would be"))


def sentence_encoder(folder: Path, same: Iterable[Sequence[str]] = (), knows: bool = True, layout: str = "plain") -> Path:
    """A BERT whose blocks do nothing: a sentence is the mean of its words. Words of one group of `same` (texts) have one direction.

    It knows the like sentences of the scale, too, unless `knows` is false: then every word has a direction of its own.
    `layout`: plain, or sentence-transformers with a pooling (mean, cls).
    """
    import torch
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.normalizers import Lowercase
    from tokenizers.pre_tokenizers import Whitespace
    from tokenizers.processors import TemplateProcessing
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    groups = [*(list(pair) for pair in LIKE), *(list(group) for group in same)]
    vocabulary = SPECIAL + sorted({word for group in groups for text in group for word in words(text)})
    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=WIDTH, num_hidden_layers=1, num_attention_heads=2, intermediate_size=8,
        max_position_embeddings=80,
    )  # fmt: skip
    model = BertModel(config, add_pooling_layer=False)
    with torch.no_grad():
        for name, value in model.named_parameters():
            if "LayerNorm" not in name:
                value.zero_()
        table = model.embeddings.word_embeddings.weight
        table.copy_(torch.randn(len(vocabulary), WIDTH))
        table[:4] = 0.0
        if knows:
            for group in groups:
                meaning = torch.randn(WIDTH)
                for word in {word for text in group for word in words(text)}:
                    table[vocabulary.index(word)] = 0.05 * torch.randn(WIDTH) if word in SMALL else meaning + 0.2 * torch.randn(WIDTH)
    core = Tokenizer(WordLevel({word: n for n, word in enumerate(vocabulary)}, unk_token="[UNK]"))
    core.normalizer, core.pre_tokenizer = Lowercase(), Whitespace()
    core.post_processor = TemplateProcessing(single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core, pad_token="[PAD]", unk_token="[UNK]", cls_token="[CLS]", sep_token="[SEP]")
    tokenizer.save_pretrained(folder)
    model.save_pretrained(folder)
    if layout != "plain":
        _sentence_transformers(folder, layout)
    return folder


def sentence_encoders(payload: dict[str, Any], emit: object) -> None:
    """A worker's job, so that the test process stays without torch: the directories plain, mean, ignorant and sqrt."""
    folder, same = Path(payload["folder"]), payload["same"]
    sentence_encoder(folder / "plain", same)
    sentence_encoder(folder / "mean", same, layout="mean")
    sentence_encoder(folder / "ignorant", same, knows=False)
    sentence_encoder(folder / "sqrt", same, layout="sqrt")


def _sentence_transformers(folder: Path, pooling: str) -> None:
    steps = [("", "Transformer"), ("1_Pooling", "Pooling"), ("2_Normalize", "Normalize")]
    rows = [
        {"idx": n, "name": str(n), "path": path, "type": f"sentence_transformers.models.{kind}"} for n, (path, kind) in enumerate(steps)
    ]
    _write(folder / "modules.json", rows)
    modes = {
        "cls_token": pooling == "cls",
        "mean_tokens": pooling == "mean",
        "max_tokens": False,
        "mean_sqrt_len_tokens": pooling == "sqrt",
    }
    _write(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": WIDTH} | {f"pooling_mode_{name}": on for name, on in modes.items()},
    )
    _write(folder / "sentence_bert_config.json", {"max_seq_length": 64, "do_lower_case": False})


def chat_model(folder: Path, texts: Sequence[str]) -> Path:
    """A random Llama with a byte-level tokenizer and a chat template."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import GenerationConfig, LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

    core = ByteLevelBPETokenizer()
    core.train_from_iterator(texts, vocab_size=600, min_frequency=1, special_tokens=["<s>", "</s>", "<pad>"])
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=core._tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>")
    tokenizer.chat_template = (
        "{% for message in messages %}<s>{{ message.role }}: {{ message.content }}</s>{% endfor %}"
        "{% if add_generation_prompt %}<s>assistant:{% endif %}"
    )
    torch.manual_seed(3)
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2,
        max_position_embeddings=8192, bos_token_id=0, eos_token_id=1, pad_token_id=2,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    model.generation_config = GenerationConfig(bos_token_id=0, eos_token_id=1, pad_token_id=2)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def chat_model_of(payload: dict[str, Any], emit: object) -> None:
    """A worker's job."""
    chat_model(Path(payload["folder"]), payload["texts"])


def _write(path: Path, value: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(value), encoding="utf-8")
