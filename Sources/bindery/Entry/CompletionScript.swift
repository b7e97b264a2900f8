/// The script that a shell completes with: the parser's own, and what it lacks.
enum CompletionScript {
    /// The text that a call for a script prints; any other text is left as it is.
    ///
    /// The parser's scripts know no options before the command, and no values behind `=`.
    static func finished(_ text: String) -> String {
        if text.hasPrefix("#compdef bindery") { return zsh(text) }
        if text.hasPrefix("function __bindery") { return fish(text) }
        let registration = "complete -o filenames -F _bindery bindery"
        guard text.contains(registration) else { return text }
        return bash(text).replacing(registration, with: wholeWords)
    }

    private static func bash(_ text: String) -> String {
        let flags = GlobalOptions.flags.joined(separator: " ")
        let values = """
            case "${prev}" in
                '--store')
                    __bindery_add_completions -d
                    return
                    ;;
                '--project')
                    __bindery_add_completions -f
                    return
                    ;;
                esac

            """
        return
            text
            .replacing(
                "local -a non_repeating_flags=(-h --help)",
                with: "local -a non_repeating_flags=(\(flags) -h --help)"
            )
            .replacing(
                "local -a non_repeating_options=()",
                with: "local -a non_repeating_options=(\(GlobalOptions.valued.joined(separator: " ")))"
            )
            .replacing(
                "    # Offer subcommand / subcommand argument",
                with: "    \(values)\n    # Offer subcommand / subcommand argument"
            )
    }

    /// Joins the words that bash splits at `:`, `@` and `=`, so that `agent@1.2` is one argument as it is for the
    /// program, and takes an option and its value behind `=` for two.
    ///
    /// Of a word bash replaces only what stands behind the last of these characters, and from `@` on.
    private static let wholeWords = #"""
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
            local typed="${whole[current]}"
            if [[ "${typed}" == --*=* ]]; then
                whole=("${whole[@]:0:current}" "${typed%%=*}" "${typed#*=}" "${whole[@]:current + 1}")
                typed="${typed#*=}"
                ((current += 1))
            fi
            local -a COMP_WORDS=("${whole[@]}")
            local -i COMP_CWORD="${current}"
            _bindery "${1}" "${typed}" "${whole[current > 0 ? current - 1 : 0]}"
            local kept="${typed%"${typed##*[:=]}"}"
            if [[ "${typed##*[:=]}" == *@* ]]; then kept="${typed%@*}"; fi
            COMPREPLY=("${COMPREPLY[@]#"${kept}"}")
        }

        complete -o filenames -F _bindery_whole_words bindery
        """#

    private static func zsh(_ text: String) -> String {
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { part -> String in
            let line = String(part)
            // An option with a value: `--name[what it does]:value:…`, also `{--name,-n}'[…`.
            guard line.contains(/[^\\]\]:/) else { return line }
            return line.replacing(/(--[a-z0-9-]+)(\[|,-.\}'\[)/, maxReplacements: 1) { "\($0.1)=\($0.2)" }
        }
        let global = GlobalOptions.all.compactMap { option in
            lines.first { $0.hasPrefix("        '\(option)[") || $0.hasPrefix("        '\(option)=[") }
        }
        if let place = lines.firstIndex(where: { $0.contains("'(-): :->command'") }) {
            lines.insert(contentsOf: global, at: place)
        }
        return lines.joined(separator: "\n")
    }

    private static func fish(_ text: String) -> String {
        let specifications = GlobalOptions.all.map { option in
            "'\(option.dropFirst(2))\(GlobalOptions.flags.contains(option) ? "" : "=")'"
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let global = GlobalOptions.all.compactMap { option in
            lines.first { $0.contains("\"bindery init\" \(option.dropFirst(2))'") }?
                .replacing("\"bindery init\"", with: "\"bindery\"")
        }
        return text.replacing(
            "__bindery_parse_subcommand 0 'h/help'\n",
            with: "__bindery_parse_subcommand 0 \(specifications.joined(separator: " ")) 'h/help'\n",
            maxReplacements: 1
        ) + "\n" + global.joined(separator: "\n")
    }
}
