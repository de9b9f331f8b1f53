/** A range of versions in a schema: {@code 3}, {@code 3-5}, {@code 3+} or {@code none}. */
record Versions(short from, short to) {
    static Versions parse(String text) {
        if (text.equals("none")) return new Versions((short) 0, (short) -1);
        if (text.endsWith("+")) return new Versions(Short.parseShort(text.substring(0, text.length() - 1)), Short.MAX_VALUE);
        String[] ends = text.split("-");
        return new Versions(Short.parseShort(ends[0]), Short.parseShort(ends[ends.length - 1]));
    }

    boolean contain(short version) {
        return from <= version && version <= to;
    }
}
