"""embed_text: a text file as a C++ constant."""

def embed_text(name, src, namespace, constant):
    """Makes the header `name`.h declaring `inline constexpr char constant[]` in `namespace`."""
    native.genrule(
        name = name,
        srcs = [src],
        outs = [name + ".h"],
        # A raw string literal: MSVC's 64 KB limit is not ours.
        cmd = ("{{ echo '#pragma once'; echo 'namespace {ns} {{'; " +
               "printf 'inline constexpr char {constant}[] = R\"ocapd~('; cat $<; " +
               "echo ')ocapd~\";'; echo '}}'; }} > $@").format(ns = namespace, constant = constant),
    )
