/// The script that a shell completes with: the parser's own, and what bash needs beside it.
enum CompletionScript {
    private static let registration = "complete -o filenames -F _bindery bindery"

    /// Joins the words that bash splits at `:`, `@` and `=`, so that `agent@1.2` is one argument as it is for the program.
    ///
    /// Of a word bash replaces only what stands behind the last of these characters, and from `@` on.
    private static let bash = #"""
        _bindery_whole_words() {
            local -a whole=()
            local -i index current=0
            local rest="${COMP_LINE}" word blanks
            for ((index = 0; index < ${#COMP_WORDS[@]}; index++)); do
                word="${COMP_WORDS[index]}"
                blanks="${rest%%[![:space:]]*}"
                if [[ -n "${blanks}" || "${index}" -eq 0 ]]; then
                    whole+=("${word}")
                else
                    whole[${#whole[@]} - 1]+="${word}"
                fi
                rest="${rest#"${blanks}"}"
                rest="${rest#"${word}"}"
                if [[ "${index}" -eq "${COMP_CWORD}" ]]; then current=$((${#whole[@]} - 1)); fi
            done
            local -a COMP_WORDS=("${whole[@]}")
            local -i COMP_CWORD="${current}"
            local -r typed="${whole[current]}"
            _bindery "${1}" "${typed}" "${whole[current > 0 ? current - 1 : 0]}"
            local kept="${typed%"${typed##*[:=]}"}"
            if [[ "${typed##*[:=]}" == *@* ]]; then kept="${typed%@*}"; fi
            COMPREPLY=("${COMPREPLY[@]#"${kept}"}")
        }

        complete -o filenames -F _bindery_whole_words bindery
        """#

    /// The text that a call for a script prints; any other text is left as it is.
    static func finished(_ text: String) -> String {
        guard text.hasSuffix(registration) || text.hasSuffix(registration + "\n") else { return text }
        return text.replacing(registration, with: bash)
    }
}
