# Completion of asctl for bash. Where bash-completion is installed:
#   asctl completion bash > ~/.local/share/bash-completion/completions/asctl
# elsewhere, a line in ~/.bashrc:
#   eval "$(asctl completion bash)"

_asctl_completion() {
    local line type word IFS=' '
    if [[ -n ${COMP_LINE-} ]]; then
        line=${COMP_LINE:0:COMP_POINT}
    else # asked by another function, which has set the words alone
        line="${COMP_WORDS[*]:0:COMP_CWORD+1}"
    fi
    COMPREPLY=()
    while IFS=, read -r type word; do
        case $type in
            plain) COMPREPLY+=("$word") ;;
            file) compopt -o default 2>/dev/null ;;
            dir) compopt -o dirnames 2>/dev/null ;;
        esac
    done < <(
        _ASCTL_COMPLETE=bash_complete _ASCTL_BREAKS=$COMP_WORDBREAKS COMP_WORDS=$line COMP_CWORD='' \
            "${1:-asctl}" 2>/dev/null
    )
}

complete -o nosort -F _asctl_completion asctl 2>/dev/null || complete -F _asctl_completion asctl
