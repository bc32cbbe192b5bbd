# Completion of asctl for fish:
#   asctl completion fish > ~/.config/fish/completions/asctl.fish

function __asctl_completion
    set -l token (commandline -ct)
    set -l option (string match -r -- '^--[^=]*=' $token)
    for answer in (_ASCTL_COMPLETE=fish_complete COMP_WORDS=(commandline -cp | string collect) COMP_CWORD= asctl 2>/dev/null)
        set -l told (string split -m 1 , -- $answer)
        switch $told[1]
            case plain
                echo $told[2]
            case file
                __fish_complete_path (string replace -r -- '^--[^=]*=' '' $token) | string replace -r '^' -- "$option"
            case dir
                __fish_complete_directories (string replace -r -- '^--[^=]*=' '' $token) | string replace -r '^' -- "$option"
        end
    end
end

complete -c asctl -f -k -a '(__asctl_completion)'
