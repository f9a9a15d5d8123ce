"""Small model directories as transformers saves them, with random weights. Imported in worker processes only."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

VISION: dict[str, Any] = {
    "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2, "image_size": 32, "patch_size": 8,
}  # fmt: skip
TEXT: dict[str, Any] = {
    "hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": 100,
    "max_position_embeddings": 32,
}  # fmt: skip


def make_all(payload: dict[str, Any], emit: object) -> None:
    """A worker's job: clip, siglip, vit, dinov2, llava, and vit once more in shards."""
    import torch
    from transformers import (
        CLIPConfig,
        CLIPImageProcessor,
        CLIPModel,
        Dinov2Config,
        Dinov2Model,
        SiglipConfig,
        SiglipImageProcessor,
        SiglipModel,
        ViTConfig,
        ViTModel,
    )

    folder = Path(payload["folder"])
    torch.manual_seed(0)
    CLIPModel(CLIPConfig(vision_config=VISION, text_config=TEXT, projection_dim=16)).save_pretrained(folder / "clip")
    CLIPImageProcessor(size={"shortest_edge": 32}, crop_size=32).save_pretrained(folder / "clip")
    SiglipModel(SiglipConfig(vision_config=VISION, text_config=TEXT)).save_pretrained(folder / "siglip")
    SiglipImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder / "siglip")
    ViTModel(ViTConfig(**VISION)).save_pretrained(folder / "vit")
    ViTModel(ViTConfig(**VISION)).save_pretrained(folder / "sharded", max_shard_size="20KB")
    sizes = {name: VISION[name] for name in ("hidden_size", "num_hidden_layers", "num_attention_heads", "image_size", "patch_size")}
    Dinov2Model(Dinov2Config(**sizes)).save_pretrained(folder / "dinov2")
    llava(folder / "llava", ["Which colour is the square?"])


def llava_of(payload: dict[str, Any], emit: object) -> None:
    """A worker's job."""
    llava(Path(payload["folder"]), payload["texts"], payload.get("brief", False))


def llava(folder: Path, texts: Sequence[str], brief: bool = False) -> Path:
    """A LLaVA with a byte-level tokenizer and a chat template; the picture takes (32 / 8) ** 2 tokens. `brief`: each of its tokens ends
    the reply, as a server otherwise lets it talk on to the limit of the request."""
    import torch
    from tokenizers import ByteLevelBPETokenizer
    from transformers import (
        CLIPImageProcessor,
        CLIPVisionConfig,
        GenerationConfig,
        LlamaConfig,
        LlavaConfig,
        LlavaForConditionalGeneration,
        LlavaProcessor,
        PreTrainedTokenizerFast,
    )

    core = ByteLevelBPETokenizer()
    core.train_from_iterator(texts, vocab_size=400, min_frequency=1, special_tokens=["<s>", "</s>", "<pad>", "<image>"])
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=core._tokenizer, bos_token="<s>", eos_token="</s>", pad_token="<pad>", additional_special_tokens=["<image>"]
    )
    template = (
        "{% for message in messages %}{{ message.role }}: {% for part in message.content %}"
        "{% if part.type == 'image' %}<image>{% else %}{{ part.text }}{% endif %}{% endfor %}\n{% endfor %}"
        "{% if add_generation_prompt %}assistant: {% endif %}"
    )
    torch.manual_seed(3)
    language = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=1, num_attention_heads=2, num_key_value_heads=2,
        max_position_embeddings=2048, bos_token_id=0, eos_token_id=1, pad_token_id=2,
    )  # fmt: skip
    config = LlavaConfig(
        vision_config=CLIPVisionConfig(**VISION), text_config=language, image_token_index=tokenizer.convert_tokens_to_ids("<image>"),
        image_seq_length=16, vision_feature_layer=-1,
    )  # fmt: skip
    model = LlavaForConditionalGeneration(config)
    ends = list(range(1, len(tokenizer))) if brief else 1
    model.generation_config = GenerationConfig(bos_token_id=0, eos_token_id=ends, pad_token_id=2, max_new_tokens=16)
    model.save_pretrained(folder)
    pictures = CLIPImageProcessor(size={"height": 32, "width": 32}, do_center_crop=False)
    LlavaProcessor(
        pictures, tokenizer, patch_size=8, vision_feature_select_strategy="default", chat_template=template, num_additional_image_tokens=1
    ).save_pretrained(folder)
    return folder
