"""What the page offers: its topics, their experiments, and the controls of each of them."""

TOPICS = {"watermark": "Watermark", "bias": "Bias", "collapse": "Model collapse",
          "privacy": "Privacy", "detectors": "Detectors",
          "society": "Society"}  # fmt: skip
STAGES = {"own_text": "Your own text", "false_positives": "False positives",
          "rewriting": "Removal", "trade_off": "Detection against cost"}  # fmt: skip
PRIVACY = {"canary": "Planted secrets", "memorisation": "Memorised images"}
DETECTORS = {"detectors": "Generated images", "base_rate": "Base rate",
             "bayes_bound": "Best detector"}  # fmt: skip
STRIPS = {
    "canary": {"remedy": 5, "flip": 3, "steps": 3},
    "memorisation": {"images": 5, "duplicates": 3, "steps": 3},
    "detectors": {"source": 4, "steps": 3},
    "base_rate": {"prevalence": 3, "sensitivity": 3, "specificity": 3},
    "bayes_bound": {"distribution": 6, "blur": 3, "detector_steps": 3},
}
