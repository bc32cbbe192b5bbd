#compdef asctl
# Completion of asctl for zsh. In a folder of $fpath, named _asctl:
#   asctl completion zsh > "${fpath[1]}/_asctl"
# or, a line in ~/.zshrc after compinit:
#   eval "$(asctl completion zsh)"

_asctl_completion() {
    local line type word about kind=plain
    local -a found
    line="${(j: :)words[1,CURRENT-1]} ${words[CURRENT]%$SUFFIX}"
    while IFS= read -r type && IFS= read -r word && IFS= read -r about; do
        kind=$type
        found+=("${word//:/\\:}${${about:#_}:+:$about}")
    done < <(_ASCTL_COMPLETE=zsh_complete COMP_WORDS=$line COMP_CWORD= $words[1] 2>/dev/null)
    case $kind in
        plain) (( $#found )) && _describe -V asctl found ;;
        file) compset -P '--*='; _files ;;
        dir) compset -P '--*='; _files -/ ;;
    esac
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _asctl_completion "$@"
else
    compdef _asctl_completion asctl
fi
