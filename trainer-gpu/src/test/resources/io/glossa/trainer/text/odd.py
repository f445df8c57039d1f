"""Prints sentences.txt, and lines made of its words, characters and what tokenizers stumble over, from a fixed seed."""
import random
import sys
import unicodedata

sentences = open(sys.argv[1], encoding="utf-8").read().split("\n")[:-1]
words = [word for sentence in sentences for word in sentence.split()]
characters = [c for sentence in sentences for c in sentence]
odd = [
    "", " ", "   ", "\t", "\u3000", "\u00a0", "  two  spaces  ", "\u2581", "\u2581\u2581 a", "a\u2581b", " \u2047 ", "\u2047",
    "\U0001F468\u200d\U0001F469\u200d\U0001F467\u200d\U0001F466", "\U0001F3F3\ufe0f\u200d\U0001F308", "\U0001F1EE\U0001F1F9\U0001F1EB",
    "\U0001F44D\U0001F3FD ok", "e\u0301", "\u0301e", "a\u0300\u0316\u0301b", "Z\u0351\u036b\u0343alg\u033fo", "\u1100\u1161\u11a8",
    "\uac01", "\ufb01n", "\uff21\uff22\uff23 \uff11\uff12", "\u33d1 \u2460 \u2168 \u00bd", "\u212b\u2126", "\u0130\u0131",
    "\u200b", "a\u200bb", "\ufeffstart", "\u00adsoft", "\u202eright\u202c", "\x01", "a\x02b\x7f", "\x1b[0m", "\x85", "\u2028x",
    "\ue000", "\U000F0000 private", "\U00020000\U0002A6DF", "\U00013000\U00013001 \U00012000", "\ua500\ua501", "\u16a0\u16a2\u16a6",
    "\ufffd", "a\ufffdb", "\U0010FFFF", "\ufdd0", "<s>", "</s>", "<unk>", "a<s>b", "<0x41>", "<mask>", "a<mask>b <mask>", "[SEP]",
    "un[SEP]real[SEP]", "<mask", "http://example.org/?q=1&r=%20", "x" * 300, "\u4eca" * 200, " " * 200 + "end", "12345678901234567890",
    "........", "\u0e33", "\u0e01\u0e33", "\u0915\u094d\u0937\u093f", "\u0d28\u0d4d\u200d", "\ufdfa", "\u3300\u337f", "trailing ",
    " leading", "a\u3000b", "a\u00a0\u00a0b", "\u1680a", "tab\tbetween", "cr\rhere",
]
draw = random.Random(5)


def line():
    parts = []
    for _ in range(draw.randint(1, 9)):
        kind = draw.random()
        if kind < 0.6:
            part = draw.choice(words)
        elif kind < 0.75:
            part = "".join(draw.choice(characters) for _ in range(draw.randint(1, 6)))
        elif kind < 0.85:
            part = draw.choice(odd)[:20]
        elif kind < 0.95:
            part = unicodedata.normalize(draw.choice(["NFD", "NFKD", "NFC"]), draw.choice(words)).upper()
        else:
            part = "".join(c for c in (chr(draw.randrange(32, 0x3100)) for _ in range(4)) if not 0xD800 <= ord(c) < 0xE000)
        parts.append(part)
    return draw.choice([" ", " ", " ", "", "  "]).join(parts).replace("\n", "").replace("\r", "")


lines = sentences + odd[:-1] + [line() for _ in range(1400)]
lines.append("".join(draw.choice(characters) for _ in range(4000)))
sys.stdout.buffer.write("".join(each + "\n" for each in lines).encode("utf-8"))
