package org.keras4j;

import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Writes the public and protected declarations of classes as lines of text, sorted. */
final class ApiListing {
    private static final Set<String> OF_EVERY_OBJECT = Set.of("equals", "hashCode", "toString");

    private ApiListing() {}

    /** Returns a line per type, named in full, and below it an indented line per member. */
    static List<String> of(List<Class<?>> classes) {
        var lines = new ArrayList<String>();
        classes.stream()
                .filter(ApiListing::isVisible)
                .sorted((a, b) -> a.getName().compareTo(b.getName()))
                .forEach(type -> {
                    lines.add(header(type));
                    members(type).forEach(member -> lines.add(shortName(type) + ": " + member));
                });
        return lines;
    }

    private static boolean isVisible(Class<?> type) {
        if (type.isAnonymousClass() || type.isLocalClass() || type.isSynthetic()) return false;
        return isVisible(type.getModifiers())
                && (type.getDeclaringClass() == null || isVisible(type.getDeclaringClass()));
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }

    private static String shortName(Class<?> type) {
        return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
    }

    private static String header(Class<?> type) {
        var text = new StringBuilder(type.getName().replace('$', '.')).append(typeParameters(type.getTypeParameters()));
        text.append(" = ");
        if (type.isSealed()) text.append("sealed ");
        if (type.isAnnotation()) text.append("annotation");
        else if (type.isInterface()) text.append("interface");
        else if (type.isEnum()) text.append("enum");
        else if (type.isRecord()) text.append("record").append(components(type));
        else text.append(classModifiers(type)).append("class");
        if (type.getSuperclass() != null && !type.isEnum() && !type.isRecord() && type.getSuperclass() != Object.class)
            text.append(" extends ").append(name(type.getGenericSuperclass()));
        if (type.getGenericInterfaces().length > 0)
            text.append(type.isInterface() ? " extends " : " implements ").append(names(type.getGenericInterfaces()));
        return text.toString();
    }

    private static String classModifiers(Class<?> type) {
        if (Modifier.isAbstract(type.getModifiers())) return "abstract ";
        return Modifier.isFinal(type.getModifiers()) ? "final " : "";
    }

    private static String components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(component -> name(component.getGenericType()) + " " + component.getName())
                .collect(Collectors.joining(", ", "(", ")"));
    }

    /** Members of a superclass that users cannot name count as the class's own. */
    private static Set<String> members(Class<?> type) {
        var lines = new TreeSet<String>();
        for (Constructor<?> constructor : type.getDeclaredConstructors()) {
            if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic() && !isCanonical(type, constructor))
                lines.add(access(constructor.getModifiers()) + "new" + parameters(constructor));
        }
        for (Class<?> at = type; at != null && (at == type || !isVisible(at)); at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (isVisible(field.getModifiers()) && !field.isSynthetic()) lines.add(line(field));
            }
            for (Method method : at.getDeclaredMethods()) {
                if (isVisible(method.getModifiers()) && !method.isSynthetic() && !isImplied(at, method))
                    lines.add(line(method));
            }
        }
        return lines;
    }

    private static boolean isCanonical(Class<?> type, Constructor<?> constructor) {
        if (!type.isRecord()) return false;
        Class<?>[] components = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        return Arrays.equals(components, constructor.getParameterTypes());
    }

    /** A record's accessors, an enum's values and what every object has say nothing new. */
    private static boolean isImplied(Class<?> type, Method method) {
        String name = method.getName();
        if (OF_EVERY_OBJECT.contains(name)) return true;
        if (type.isEnum() && Set.of("values", "valueOf").contains(name)) return true;
        return type.isRecord()
                && method.getParameterCount() == 0
                && Arrays.stream(type.getRecordComponents())
                        .anyMatch(component -> component.getName().equals(name));
    }

    private static String line(Field field) {
        String kept = Modifier.isFinal(field.getModifiers()) ? "final " : "";
        return access(field.getModifiers()) + kept + name(field.getGenericType()) + " " + field.getName();
    }

    private static String line(Method method) {
        String generic = typeParameters(method.getTypeParameters());
        return access(method.getModifiers())
                + (method.isDefault() ? "default " : "")
                + (Modifier.isAbstract(method.getModifiers()) ? "abstract " : "")
                + (generic.isEmpty() ? "" : generic + " ")
                + name(method.getGenericReturnType()) + " " + method.getName() + parameters(method);
    }

    private static String access(int modifiers) {
        return (Modifier.isProtected(modifiers) ? "protected " : "") + (Modifier.isStatic(modifiers) ? "static " : "");
    }

    private static String parameters(Executable executable) {
        var texts = new ArrayList<String>();
        for (Parameter parameter : executable.getParameters()) {
            String type = name(parameter.getParameterizedType());
            texts.add(parameter.isVarArgs() ? type.substring(0, type.length() - 2) + "..." : type);
        }
        String thrown = executable.getExceptionTypes().length == 0
                ? ""
                : " throws " + names(executable.getGenericExceptionTypes());
        return "(" + String.join(", ", texts) + ")" + thrown;
    }

    private static String typeParameters(TypeVariable<?>[] variables) {
        if (variables.length == 0) return "";
        return Arrays.stream(variables)
                .map(variable -> variable.getBounds()[0] == Object.class
                        ? variable.getName()
                        : variable.getName() + " extends " + names(variable.getBounds()))
                .collect(Collectors.joining(", ", "<", ">"));
    }

    private static String names(Type[] types) {
        return Arrays.stream(types).map(ApiListing::name).collect(Collectors.joining(", "));
    }

    /** The package says little here, and one name is not used twice. */
    private static String name(Type type) {
        return type.getTypeName()
                .replaceAll("\\b(?:[a-z][a-z0-9]*\\.)+(?=[A-Z])", "")
                .replace('$', '.');
    }
}
