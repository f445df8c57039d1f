#!/bin/sh
# Makes the models, and the ids that SentencePiece's own programs give, with Debian's package sentencepiece (0.1.97).
set -e
cd "$(dirname "$0")"
work=$(mktemp -d)
python3 odd.py sentences.txt > "$work/lines.txt"
gzip -9nc "$work/lines.txt" > lines.txt.gz
train() {
    name=$1
    shift
    spm_train --input=sentences.txt --model_prefix="$work/$name" --num_threads=1 --minloglevel=1 "$@"
    spm_encode --model="$work/$name.model" --output_format=id < "$work/lines.txt" | gzip -9nc > "$name.ids.gz"
    spm_encode --model="$work/$name.model" --output_format=id < "$work/lines.txt" \
        | spm_decode --model="$work/$name.model" --input_format=id | gzip -9nc > "$name.texts.gz"
    gzip -9nc "$work/$name.model" > "$name.model.gz"
}
train unigram --model_type=unigram --vocab_size=900 --character_coverage=0.995
train unigram-bytes --model_type=unigram --vocab_size=900 --character_coverage=0.98 --byte_fallback \
    --normalization_rule_name=identity --user_defined_symbols='<mask>,[SEP],re,▁the' --control_symbols='<a>'
train bpe --model_type=bpe --vocab_size=900 --character_coverage=0.995 --normalization_rule_name=identity
train bpe-bytes --model_type=bpe --vocab_size=1300 --character_coverage=0.98 --byte_fallback \
    --normalization_rule_name=identity --user_defined_symbols='<mask>,[SEP],re,▁the' --add_dummy_prefix=false \
    --remove_extra_whitespaces=false
train bpe-suffix --model_type=bpe --vocab_size=1000 --character_coverage=0.98 --normalization_rule_name=identity \
    --treat_whitespace_as_suffix --unk_surface=_ --pad_id=3
train char --model_type=char --vocab_size=500 --normalization_rule_name=identity --user_defined_symbols='[SEP]'
train word --model_type=word --vocab_size=300 --normalization_rule_name=identity
rm -r "$work"
