import {
  Checkbox,
  FormControl,
  FormControlLabel,
  FormGroup,
  FormLabel,
  MenuItem,
  Radio,
  RadioGroup,
  TextField,
  Typography,
} from "@mui/material";

const CHOICE_WIDGETS = new Set(["cards", "radio"]);

// One field, drawn by the MUI component that fits its widget and type.
export function Control({ field, answer, error }) {
  if (field.isList) return <ManyOf field={field} answer={answer} error={error} />;
  if (CHOICE_WIDGETS.has(field.widget)) return <OneOf field={field} answer={answer} error={error} />;
  if (field.schema.type === "boolean") return <YesOrNo field={field} answer={answer} />;
  return <Entry field={field} answer={answer} error={error} />;
}

function OneOf({ field, answer, error }) {
  return (
    <FormControl error={Boolean(error)} required={field.isRequired}>
      <FormLabel>{field.title}</FormLabel>
      <RadioGroup name={field.name} defaultValue={answer === undefined ? "" : String(answer)}>
        {field.options.map((option) => (
          <FormControlLabel
            key={option.value}
            value={option.value}
            control={<Radio />}
            label={<OptionLabel option={option} />}
          />
        ))}
      </RadioGroup>
      {error && <Typography color="error">{error}</Typography>}
    </FormControl>
  );
}

function OptionLabel({ option }) {
  const facts = Object.values(option.details).filter((fact) => typeof fact !== "object");
  return (
    <>
      <Typography>{option.title}</Typography>
      {facts.length > 0 && (
        <Typography variant="body2" color="text.secondary">
          {facts.join(" · ")}
        </Typography>
      )}
    </>
  );
}

function ManyOf({ field, answer, error }) {
  return (
    <FormControl error={Boolean(error)}>
      <FormLabel>{field.title}</FormLabel>
      <FormGroup>
        {field.options.map((option) => (
          <FormControlLabel
            key={option.value}
            control={
              <Checkbox
                name={field.name}
                value={option.value}
                defaultChecked={(answer ?? []).includes(option.value)}
              />
            }
            label={option.title}
          />
        ))}
      </FormGroup>
    </FormControl>
  );
}

function YesOrNo({ field, answer }) {
  return (
    <FormControlLabel
      control={<Checkbox name={field.name} value="true" defaultChecked={answer === true} />}
      label={field.title}
    />
  );
}

function Entry({ field, answer, error }) {
  const isChoice = field.options.length > 0;
  return (
    <TextField
      name={field.name}
      label={field.title}
      defaultValue={answer ?? ""}
      helperText={error || field.help}
      error={Boolean(error)}
      required={field.isRequired}
      placeholder={field.placeholder}
      select={isChoice}
      multiline={field.widget === "textarea"}
      fullWidth
    >
      {isChoice &&
        field.options.map((option) => (
          <MenuItem key={option.value} value={option.value}>
            {option.title}
          </MenuItem>
        ))}
    </TextField>
  );
}
