# shellcheck shell=sh disable=SC2154
# completion: what a shell needs to know.

# complete_in_bash WORD...: what bash offers for the last word
complete_in_bash() {
	cat >ask.sh <<'ROWS'
. ./minica.bash
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_minica
printf '%s\n' "${COMPREPLY[@]}"
ROWS
	expect 0 bash --norc ask.sh "$@"
}

begin 'completion: bash loads it, and completes'
expect 0 minica completion bash
keep minica.bash
expect 0 bash --norc -n minica.bash
complete_in_bash minica verif
stdout_has verify
complete_in_bash minica ''
stdout_has init-root
stdout_has trust
stdout_lacks 'trust add'
complete_in_bash minica trust ex
stdout_has export
stdout_lacks add
complete_in_bash minica verify --ho
stdout_has --host
complete_in_bash minica --json verify web.pem --purpose s
stdout_has server
stdout_lacks client
complete_in_bash minica verify --purpose = cl
stdout_has client
complete_in_bash minica verify --as py
stdout_has python313
complete_in_bash minica trust export --o
stdout_has --out
complete_in_bash minica sign --js
stdout_has --json
complete_in_bash minica verify --roots ro
stdout_lacks roots

begin 'completion: every command is there'
expect 0 minica help --json
sed -n 's/^ *"name": "\([a-z -]*\)",*$/\1/p' "$out" >names
[ -s names ] || wrong 'minica help --json names no command'
for shell in bash zsh fish; do
	expect 0 minica completion $shell
	while read -r name; do
		grep -q -w -e "${name##* }" "$out" ||
		    wrong "$shell: no $name"
	done <names
done

begin 'completion: zsh reads it'
if command -v zsh >/dev/null; then
	quietly minica completion zsh
	keep minica.zsh
	expect 0 zsh -n minica.zsh
else
	skip 'no zsh here'
fi

begin 'completion: fish reads it'
if command -v fish >/dev/null; then
	quietly minica completion fish
	keep minica.fish
	expect 0 fish --no-execute minica.fish
	expect 0 fish -c 'source minica.fish; complete -C "minica verify --purp"'
	stdout_has --purpose
else
	skip 'no fish here'
fi

begin 'completion: another shell is asked wrongly'
expect 2 minica completion tcsh
stderr_has 'bash, zsh or fish'
